"""Placing shots in time: which part of a shot a clip shows, and where shots belong together."""
