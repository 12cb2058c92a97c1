"""Results -> text for people, JSON for programs."""
