"""Music: which part of a track is used, and where a trailer cut to it cuts. ``analyse_music`` is the way in."""

from trailergen.music.analysis import MUSIC_VERSION, SAMPLE_RATE, STEPS, MusicAnalysis, analyse_music

__all__ = ["MUSIC_VERSION", "SAMPLE_RATE", "STEPS", "MusicAnalysis", "analyse_music"]
