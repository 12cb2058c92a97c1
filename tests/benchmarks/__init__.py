"""Steps per second of the generated code and of its peers, on this machine.

    candidates  the ways to take a step: NumPy by hand, the generated backends, torch, optax
    measure     interleaved repeats in one process
    report      a table, a picture
    norms       rules that read norms against rules that do not

`python -m tests.benchmarks --out DIR` measures; peers that are not installed are left out, and named.
"""
