"""Exact numbers, and residuals -> proved zero, refuted at a point, undecided."""
