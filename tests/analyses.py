"""Film analyses made up from pictures, without a film or a network."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from trailergen.features.layout import layout_spectra
from trailergen.features.vectors import l2_normalised
from trailergen.shots.analysis import DetectedShot, FilmAnalysis
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.pictures import KeyPictures
from trailergen.shots.sound import SoundActivity
from trailergen.shots.statistics import frame_statistics

RATE = Fraction(24)


def picture(seed: int) -> NDArray[np.uint8]:
    """A smooth picture (27, 48, 3) unlike that of any other seed."""
    rng = np.random.default_rng(seed)
    rows, columns = np.meshgrid(np.linspace(0, 3, 27), np.linspace(0, 5, 48), indexing="ij")
    waves = [np.sin(rng.uniform(-2, 2) * rows + rng.uniform(-2, 2) * columns + rng.uniform(0, 6)) for _ in range(3)]
    return (np.stack(waves, axis=-1) * 100 + 128).astype(np.uint8)


def analysis(
    shots: Sequence[Sequence[NDArray[np.uint8]]], frames_each: int = 24, flags: dict[int, tuple[str, ...]] | None = None
) -> FilmAnalysis:
    """A film at 24 frames/s whose shots show the given key pictures, each for ``frames_each`` frames."""
    flags = flags or {}
    thumbs, owners, at, detected = [], [], [], []
    frame = 0
    for number, pictures in enumerate(shots):
        first = frame
        for thumb in pictures:
            thumbs.append(thumb)
            owners.append(number)
            at.append(frame)
            frame += frames_each
        detected.append(
            DetectedShot(
                number, first, frame, first / RATE, frame / RATE, first, frame, first, frame, flags.get(number, ())
            )
        )
    movie = np.repeat(np.stack(thumbs), frames_each, axis=0)
    return FilmAnalysis(
        rate=RATE,
        variable_rate=False,
        frames=frame,
        time_base=Fraction(1, 24),
        times=np.arange(frame, dtype=np.int64),
        probabilities=np.zeros(frame, np.float32),
        statistics=frame_statistics(movie, None),
        shots=tuple(detected),
        pictures=KeyPictures(np.stack(thumbs), np.array(owners), np.array(at)),
        loudness=np.full(len(detected), -30.0, np.float32),
        embeddings=_embeddings(np.stack(thumbs), owners, at),
        sound=SoundActivity(np.zeros(0, np.float32), np.zeros(0, np.float32)),
    )


def _embeddings(thumbs: NDArray[np.uint8], owners: list[int], at: list[int]) -> FrameEmbeddings:
    """What a network might see that knows colours and no things: random directions, if a picture points that way."""
    drawn = np.random.default_rng(0).normal(size=(1024, 1280))
    vectors = np.maximum(l2_normalised(layout_spectra(thumbs)) @ drawn, 0).astype(np.float32)
    maps = np.full((len(thumbs), 7, 7), 10.0, np.float32)
    return FrameEmbeddings(vectors, maps, np.array(owners), np.array(at))
