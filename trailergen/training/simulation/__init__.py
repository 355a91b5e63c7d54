"""Simulated films and trailers: pairs whose every statistic is known, and the editor who cuts them."""
