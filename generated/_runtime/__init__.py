"""What all generated modules share: parameters, hyperparameters, stages, saved states. No array library is needed here.

`stepsmith generate --out` copies these modules beside what it generates.
"""
