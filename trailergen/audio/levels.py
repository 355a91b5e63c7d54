"""Levels of the film's own sound in the trailer."""

CLIP_LEVELS = {"low": -15.0, "full": 0.0}
"""Level of the clips' own sound in dB, by the plan's ``sound.film``; it is not heard where that is neither."""
