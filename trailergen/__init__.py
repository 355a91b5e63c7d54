"""Cut a trailer from a film to a piece of music."""

__version__ = "0.1.0"
