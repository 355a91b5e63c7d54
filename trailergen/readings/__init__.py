"""Readings of each shot of a film, as an editor would note them down: see ``types`` for each and its unit."""
