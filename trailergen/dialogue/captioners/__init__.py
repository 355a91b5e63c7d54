"""Captioners say in words what a clip shows, one file each."""
