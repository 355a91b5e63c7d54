"""The comparison of one picture with what the ffmpeg program reads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
from counterfilm import make_film, make_plan

from trailergen.media.ffmpeg import file_url, run
from trailergen.media.frames import FrameReader
from trailergen.media.probe import probe_film
from trailergen.rendering.crosscheck import seeking_fault

FRAMES = 360
"""24 frames a second: longer than what is decoded before the picture."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("crosscheck") / "film.mp4", FRAMES)


def test_both_ways_agree(film: Path) -> None:
    assert seeking_fault(make_plan([(200, 220), (10, 30)], frames=FRAMES), probe_film(film)) is None


def test_another_picture_is_a_fault(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = FrameReader.read

    def later(self: FrameReader, first: int, last: int) -> Iterator[object]:
        return read(self, first + 20, last + 20)

    monkeypatch.setattr(FrameReader, "read", later)
    fault = seeking_fault(make_plan([(200, 220)], frames=FRAMES), probe_film(film))
    assert fault is not None and "film frame 210 is another picture" in fault


def test_the_film_is_read_to_the_picture_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, pipe = tmp_path / "film.ts", tmp_path / "pipe.ts"
    rng = np.random.default_rng(0)

    def noise() -> Iterator[bytes]:
        for _ in range(FRAMES):
            yield rng.integers(0, 256, (180, 320), np.uint8).tobytes()

    graph = ffmpeg.input("pipe:", format="rawvideo", pixel_format="gray", video_size=(320, 180), framerate=24)
    run(graph.output(file_url(path), format="mpegts", vcodec="libx264", preset="ultrafast", crf=1), noise())
    info = probe_film(path)
    ours = list(FrameReader(info, Fraction(24)).read(30, 31))
    monkeypatch.setattr(FrameReader, "read", lambda *_: iter(ours))
    content, given = path.read_bytes(), [0]
    os.mkfifo(pipe)

    def give() -> None:
        with suppress(BrokenPipeError), pipe.open("wb", buffering=0) as end:
            for start in range(0, len(content), 1 << 14):
                given.append(end.write(content[start : start + (1 << 14)]))

    giver = threading.Thread(target=give)
    giver.start()
    assert seeking_fault(make_plan([(20, 40)], frames=FRAMES), replace(info, path=pipe)) is None
    giver.join()
    assert sum(given) < len(content) / 2
