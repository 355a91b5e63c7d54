"""Baselines: methods that SSMP is compared with, a file each, listed in ``registry.py``."""
