"""The formats of editing programs, one file each."""
