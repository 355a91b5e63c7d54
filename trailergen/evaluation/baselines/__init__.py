"""Methods to compare with: each takes the film's shots and a number of positions, and returns shot numbers."""
