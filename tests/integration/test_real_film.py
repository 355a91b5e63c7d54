"""A trailer of a real film, compared with the film frame by frame."""

import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from counterfilm import make_plan

from trailergen.media.frames import read_frames
from trailergen.media.probe import probe_film
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

MEDIA = Path(__file__).resolve().parents[2] / ".." / "shared" / "media"
FILM = MEDIA / "films" / "big_buck_bunny_640x360.mp4"
MUSIC = MEDIA / "music" / "kevin_macleod_vibe_ace.ogg"
RATE = Fraction(24)

pytestmark = [pytest.mark.media, pytest.mark.skipif(not FILM.exists(), reason="no real media")]


def luma(path, start, end):
    """Film frames as (n, height, width) brightness."""
    frames = read_frames(probe_film(path), RATE, start, end)
    return np.stack([frame.to_ndarray()[:360].astype(np.float32) for frame in frames])


def test_first_middle_and_last_frames_are_the_films_and_not_their_neighbours(tmp_path):
    chance = random.Random(11)
    starts = chance.sample(range(400, 13_000, 200), 12)
    plan = make_plan([(s, s + chance.randint(8, 50)) for s in starts], frames=14_315, size=(640, 360))
    output = tmp_path / "trailer.mp4"
    render_trailer(plan, output, film=FILM, music=MUSIC, settings=RenderSettings(preset="veryfast"),
                   work=tmp_path / "work", progress=Progress(ProgressKind.none))  # fmt: skip
    shown = luma(output, 0, plan.sequence.frames)
    told_apart = 0
    for position in plan.positions:
        length = len(position.source)
        film = luma(FILM, position.source.start - 1, position.source.end + 1)
        for k in (0, length // 2, length - 1):
            before, exact, after = (
                float(((shown[position.record.start + k] - film[k + 1 + step]) ** 2).mean()) for step in (-1, 0, 1)
            )
            assert exact <= min(before, after)
            told_apart += min(before, after) > 2 * exact
    # Where nothing moves, neighbours are no decoys; most pictures must have real ones.
    assert told_apart > 18
