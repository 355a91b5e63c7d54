"""Music: the part of a track that a trailer uses, and the segments it is cut to; ``analyse_music`` gives both."""

from trailergen.music.analysis import MUSIC_VERSION, SAMPLE_RATE, STEPS, MusicAnalysis, analyse_music

__all__ = ["MUSIC_VERSION", "SAMPLE_RATE", "STEPS", "MusicAnalysis", "analyse_music"]
