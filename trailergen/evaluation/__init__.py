"""Evaluation of trailers: metrics, methods, a registry of baselines, and their comparison."""
