"""What layers need beside the stages that all entries pass through, since averages over a batch matter in them.

calculus  Layer -> the derived backward pass
lower     Layer -> functions
"""
