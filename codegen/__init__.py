"""Stepsmith's toolkit: from the equations of an optimizer to proofs about them and code proved to compute them.

The stages in the order in which a spec passes through them:

    spec       the language in which a rule is declared
    claims     what a spec says about itself: a module for each kind of entry
    load       files -> Specs of optimizers, stages, schedules, monitors and layers
    check      Spec -> every problem it has; clashes: names that two of them would share
    derive     Optimizer -> transition, linear recurrences
    statement  which runs, under which conditions, which relation: what a result says, as data
    exact      Spec -> runs in exact numbers; with `enclosure`
    assumptions  what a proof uses, noted by whoever uses it
    defined    Optimizer -> where its steps have values
    tactics    residual -> proved zero, refuted at a point, undecided
    inequalities  constraints -> whether they exclude each other
    machine    Monitor -> every way through its steps
    inside     a map of hyperparameters -> where it leaves a domain, or at which ends it would
    apart      two optimizers -> a run in exact numbers in which they part
    prove      Spec -> Results
    replay     Statement -> the run that contradicts it, if one does
    tree       SymPy -> expressions in the order in which we print them
    ranges     scalar expressions -> where their values lie
    scale      array expressions -> scalar factors times array expressions, with fewer operations
    lower      Optimizer -> Program
    passes     Program -> in-place array passes over scratch buffers
    printing   expressions -> text
    backends   one entry for each array library; schedules need none
    render     Specs -> the texts of files: a module for each kind of entry, with `templates`
    files      texts -> files under generated/, and how those differ
    readback   files -> Results: a module for each kind of entry
    reference  Optimizer -> numbers with 50 digits
    rounding   Optimizer -> bounds on what floating point may do to them
    numeric    files -> Results
    compare    two optimizers -> one algorithm or not: compose, maps, exclude, ratio, rerun
    verify     Specs and files -> Results: the four above, on all processors
    report     Results -> terminal, JSON
    lecture    Optimizer -> derivations as chains of equalities, each line checked
    smt        what a tactic has closed -> SMT-LIB, for another solver
    show       Spec -> text, LaTeX, derivations

Where averages over a batch matter, `layers` has its own for derive and lower, and numeric is `numeric_layers`.

What they share: `names` that are taken, `domain` of a hyperparameter, `result`, `faults` that become results.
"""

import os

# SymPy remembers 1000 answers of each function unless it is told otherwise, and a proof asks more than that.
os.environ.setdefault("SYMPY_CACHE_SIZE", "50000")
