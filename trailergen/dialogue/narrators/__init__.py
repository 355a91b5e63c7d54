"""Narrators choose the lines, one file each."""
