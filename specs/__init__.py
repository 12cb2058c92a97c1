"""The declarations. One file a family, variants side by side; see codegen/spec for the language."""
