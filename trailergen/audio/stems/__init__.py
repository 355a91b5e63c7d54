"""The stems of a trailer's sound, one file each, and their registry."""
