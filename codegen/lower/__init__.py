"""Rule -> program of assignments, scalars before arrays."""
