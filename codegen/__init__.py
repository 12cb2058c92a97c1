"""Stepsmith's toolkit: from the equations of an optimizer to proofs about them and code proved to compute them.

The packages, in the order in which a spec passes through them:

    spec        the language in which a rule is declared, and domains of hyperparameters
    claims      what a spec says about itself: a module for each kind of entry
    check       Spec -> every problem it has
    statement   which runs, under which conditions, which relation: what a result says, as data
    algebra     exact numbers, enclosures, the reference with 50 digits; residual -> zero, refuted, undecided
    expr        SymPy -> expressions in the order in which we print them -> text
    analysis    Optimizer -> transition, recurrences, invariants, where steps have values, closed forms
    replay      Statement -> the run in exact numbers that contradicts it, if one does
    prove       Spec -> Results of its claims
    properties  Spec -> Results that nobody has to claim
    lower       Optimizer -> Program: scalars once a step, arrays per element, in-place instructions
    execution   what generated files are written in, and what they are run with in place of arrays of numbers
    backends    a folder for each array library; schedules and monitors need none
    render      Specs -> the texts of files: a module for each kind of entry, with `templates`
    readback    files -> Results: a module for each kind of entry
    numeric     files -> Results, against the reference; bounds on rounding
    compare     two optimizers -> one algorithm or not, under which map, or the run in which they part
    report      Results -> text, LaTeX, JSON, derivations line by line

Around them: `load` files -> Specs; `files` texts -> files on disk, and how those differ; `verify` all of it, on all
processors; `result`, `faults` that become results; `words` of messages; `cli`, the command line.
"""

import os

if __name__ == "codegen":  # the folder of a checkout, imported beside the package: a second copy of every class
    raise ImportError("this folder is the package stepsmith.codegen: import it by that name")

# SymPy remembers 1000 answers of each function unless it is told otherwise, and a proof asks more than that.
os.environ.setdefault("SYMPY_CACHE_SIZE", "50000")
