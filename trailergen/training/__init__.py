"""Learning to cut: film-trailer pairs, simulated or real, and the training loop."""
