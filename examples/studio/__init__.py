"""The little studio that draws and plays the example film (see ../make_example.py)."""
