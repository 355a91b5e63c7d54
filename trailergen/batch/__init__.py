"""Many films with one command: which, by whom, and what became of each. See docs/batch.md."""
