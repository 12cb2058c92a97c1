"""Two optimizers -> one algorithm or not, and under which map."""
