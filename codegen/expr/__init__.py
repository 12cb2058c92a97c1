"""SymPy -> expressions in our own order, and their text."""
