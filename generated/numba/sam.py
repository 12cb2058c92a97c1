# generated from specs/sam.py; regenerate with: python cli.py generate sam
"""Those of NumPy, whose arrays these are: see `numpy/sam.py`."""

from ..numpy.sam import (
    ASAM,
    SAM,
    USAM,
    Extragradient,
    SAMByArray,
)

__all__ = [
    "ASAM",
    "SAM",
    "USAM",
    "Extragradient",
    "SAMByArray",
]
