"""Optimizers that are proved to compute their equations, a folder for each array library.

Each folder is loaded on its own, and so are the schedules and monitors, which serve all: `import stepsmith.numpy`
imports NumPy and nothing else. In a checkout this folder is `generated/`.
"""

from typing import TYPE_CHECKING

__all__ = ["__version__"]

__version__: str

if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> str:
        if name == "__version__":  # to look it up costs more than all the rest of the import
            from importlib.metadata import version

            return version("stepsmith")
        raise AttributeError(f"module {__name__} has no {name}")
