"""The stems of a trailer as WAV files: for whoever mixes it again."""

from __future__ import annotations

from pathlib import Path

from trailergen.audio.mix import Mix
from trailergen.audio.stems.registry import STEMS
from trailergen.plans import SAMPLE_RATE
from trailergen.runtime.cache import atomic_output


def stem_paths(trailer: Path) -> list[Path]:
    """The files of a trailer's stems, in the order of ``STEMS``, beside it."""
    return [trailer.with_name(f"{trailer.stem}.{stem.name}.wav") for stem in STEMS]


def write_stems(mixed: Mix, trailer: Path) -> None:
    """Write the stems of a trailer as 32-bit float WAV at 48 kHz: same start, same length, summing to its sound.

    Each appears when it is whole. Raises OutputError.
    """
    from scipy.io import wavfile  # 0.1 s, for who asks for stems

    for path, stem in zip(stem_paths(trailer), STEMS, strict=True):
        with atomic_output(path) as temporary, temporary.open("wb") as file:
            wavfile.write(file, SAMPLE_RATE, mixed[stem.name])
