"""Layers have stages of their own where averages over a batch matter.

    calculus  Layer -> the derived backward pass
    lower     Layer -> functions

What is printed of them, claimed, proved and read back has its module beside that of the other entries.
"""
