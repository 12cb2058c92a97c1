"""The prover on trial."""
