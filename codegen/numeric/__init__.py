"""Generated code against the reference with 50 digits, within a derived bound."""
