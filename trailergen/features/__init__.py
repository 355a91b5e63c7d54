"""From shots to vectors: one L2-normalised feature per shot, by one of several encoders."""
