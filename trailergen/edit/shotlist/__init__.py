"""Shots by an editor's list (``--shots``) instead of those that are found: read, checked against the film, mended."""
