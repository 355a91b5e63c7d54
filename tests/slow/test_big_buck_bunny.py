"""The acceptance run on a real film: ten minutes of film, eight minutes of machine."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from clips import check_clips

from trailergen.__main__ import main
from trailergen.media.probe import probe_film
from trailergen.plans import read_plan

pytestmark = [pytest.mark.slow, pytest.mark.media]


def test_every_clip_shows_its_planned_frames(
    media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    film, track = media / "films" / "big_buck_bunny_640x360.mp4", media / "music" / "kevin_macleod_vibe_ace.ogg"
    cache = os.environ.get("TRAILERGEN_TEST_CACHE", str(tmp_path / "cache"))
    assert main(["make", str(film), "--music", str(track), "-o", "trailer.mp4", "--cache-dir", cache]) == 0
    plan = read_plan(Path("trailer.plan.json"))
    assert len({position.shot for position in plan.positions}) == len(plan.positions)

    with av.open("trailer.mp4") as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        pictures, times = [], []
        for frame in container.decode(video):
            times.append((frame.pts or 0) * Fraction(frame.time_base))
            pictures.append(frame.to_ndarray(format="gray").astype(np.int16))
        container.seek(0)
        samples = sum(frame.samples for frame in container.decode(audio))
    assert times == [k / plan.sequence.rate for k in range(plan.sequence.frames)]
    music = Fraction(len(plan.music.part), plan.music.sample_rate)
    assert abs(len(pictures) / plan.sequence.rate - music) <= 1 / plan.sequence.rate
    assert abs(Fraction(samples, audio.rate) - len(pictures) / plan.sequence.rate) <= 1 / plan.sequence.rate

    for position in plan.positions:
        # Opening titles (frames 492 to 744), black, and the credits up to the scene after them.
        assert position.source.end <= 492 or position.source.start >= 744
        assert position.source.end <= 11736 or position.source.start >= 13944
    assert check_clips(plan, pictures, probe_film(film)) > 3 * len(plan.positions)
