"""What the trailer's sound is the sum of, as WAV files: for whoever mixes it again."""

from __future__ import annotations

from pathlib import Path

from trailergen.audio.mix import Stems
from trailergen.plans import SAMPLE_RATE
from trailergen.runtime.cache import atomic_output

NAMES = ("music", "film", "lines")


def stem_paths(trailer: Path) -> list[Path]:
    """The files of a trailer's stems, in the order of ``NAMES``, beside it."""
    return [trailer.with_name(f"{trailer.stem}.{name}.wav") for name in NAMES]


def write_stems(stems: Stems, trailer: Path) -> None:
    """Write the stems of a trailer as 32-bit float WAV at 48 kHz: same start, same length, summing to its sound.

    Each appears when it is whole. Raises OutputError.
    """
    from scipy.io import wavfile  # 0.1 s, for who asks for stems

    for path, name in zip(stem_paths(trailer), NAMES, strict=True):
        with atomic_output(path) as temporary, temporary.open("wb") as file:
            wavfile.write(file, SAMPLE_RATE, getattr(stems, name))
