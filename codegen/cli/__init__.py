"""The command line: list, show, generate, verify, compare.

Results go to stdout, progress and errors to stderr. Exit status: 0 all that was asked holds; 1 a
finding; 2 a usage error or an invalid spec; 130 interrupted.

    options      what can be typed, and what is said of what cannot
    destination  whether a folder is one to generate into
    commands     what each command does
"""

from .commands import main

__all__ = ["main"]
