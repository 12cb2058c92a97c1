"""Spec -> every problem it has, before anything else is done with it."""
