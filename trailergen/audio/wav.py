"""The stems of a trailer as WAV files: for whoever mixes it again."""

from __future__ import annotations

from pathlib import Path

from trailergen.audio.mix import Mix
from trailergen.audio.stems.registry import STEMS, stems_of
from trailergen.plans import SAMPLE_RATE, Plan
from trailergen.runtime.cache import atomic_output


def stem_paths(trailer: Path, plan: Plan | None = None) -> list[Path]:
    """The files of a trailer's stems, in the order of ``STEMS``, beside it; without a plan those that all have."""
    stems = [stem for stem in STEMS if not stem.seldom] if plan is None else list(stems_of(plan))
    return [_beside(trailer, stem.name) for stem in stems]


def _beside(trailer: Path, name: str) -> Path:
    return trailer.with_name(f"{trailer.stem}.{name}.wav")


def write_stems(mixed: Mix, trailer: Path) -> None:
    """Write the stems of a trailer as 32-bit float WAV at 48 kHz: same start, same length, summing to its sound.

    Each appears when it is whole. Raises OutputError.
    """
    from scipy.io import wavfile  # 0.1 s, for who asks for stems

    for name, sound in mixed.stems.items():
        with atomic_output(_beside(trailer, name)) as temporary, temporary.open("wb") as file:
            wavfile.write(file, SAMPLE_RATE, sound)
