"""A thousand random rules on all paths, and every disagreement that random rules have ever found."""
