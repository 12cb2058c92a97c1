"""What follows from the equations, on which proofs are built."""
