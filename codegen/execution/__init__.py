"""What generated files are written in, and what they are run with in place of arrays of numbers.

language   single statements and values
shapes     the form of modules, functions and classes
modules    a module and its stand-ins -> its names
imports    a folder as it is on disk -> a package
choices    comparisons and choices over symbols
cells      arrays that hold one SymPy expression
terms      arrays of free terms, several elements of them
"""
