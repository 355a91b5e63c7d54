"""Films whose clock is not what it should be: every picture is kept, in its order, wherever it is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
from counterfilm import draw_number, make_plan, read_number
from scipy.io import wavfile

from trailergen.media.container import open_media
from trailergen.media.decoding import Damage
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.frames import FrameReader, decode_film, read_frames
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.runtime.threads import limited_threads
from trailergen.session import Session
from trailergen.settings.render import RenderSettings
from trailergen.stages import find_shots

SIZE = (160, 96)
RATE = Fraction(24)
COUNT = 96
KINDS: dict[str, dict[str, object]] = {
    "avi h264": {"format": "avi", "vcodec": "libx264", "bf": 2},
    "avi mpeg4": {"format": "avi", "vcodec": "mpeg4", "bf": 2},
    "raw h264": {"format": "h264", "vcodec": "libx264", "bf": 2},
    "raw hevc": {"format": "hevc", "vcodec": "libx265", "bf": 2, "x265-params": "log-level=error"},
    "raw mpeg2": {"format": "mpeg2video", "vcodec": "mpeg2video", "bf": 2, "qscale:v": 2},
}


def encode(path: Path, numbers: range, **options: object) -> Path:
    """Numbered pictures, a key frame every 12."""
    graph = ffmpeg.input("pipe:", format="rawvideo", pixel_format="gray", video_size=SIZE, framerate=str(RATE))
    graph = graph.output(file_url(path), pix_fmt="yuv420p", g=12, **options)
    run(graph, (draw_number(number, *SIZE).tobytes() for number in numbers))
    return path


def joined(folder: Path) -> Path:
    """Two recordings, one after the other: the clock of the second begins where that of the first did."""
    halves = [
        encode(folder / f"{first}.ts", range(first, first + COUNT // 2), format="mpegts", vcodec="libx264", bf=2)
        for first in (0, COUNT // 2)
    ]
    path = folder / "joined.ts"
    path.write_bytes(b"".join(half.read_bytes() for half in halves))
    return path


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("odd")
    made = {kind: encode(folder / kind.replace(" ", "."), range(COUNT), **options) for kind, options in KINDS.items()}
    return made | {"joined ts": joined(folder)}


def numbers_of(film: FilmInfo, damage: Damage | None = None) -> Iterator[int]:
    with open_media(film.path) as container:
        for event in decode_film(container, film, damage=damage):
            if isinstance(event, tuple):
                yield read_number(event[1].to_ndarray(format="gray"))


def number_at(film: FilmInfo, frame: int) -> int:
    return read_number(next(read_frames(film, RATE, frame, frame + 1)).to_ndarray(format="gray"))


@pytest.mark.parametrize("kind", [*KINDS, "joined ts"])
def test_every_picture_is_there_in_its_order(films: dict[str, Path], kind: str) -> None:
    film = probe_film(films[kind])
    assert film.header_rate == RATE
    assert list(numbers_of(film)) == list(range(COUNT))


@pytest.mark.parametrize("kind", [*KINDS, "joined ts"])
def test_a_film_is_as_long_whatever_the_threads(films: dict[str, Path], kind: str) -> None:
    film = probe_film(films[kind])
    for threads in (1, 2, 4):
        with limited_threads(threads):
            assert sum(1 for _ in numbers_of(film)) == COUNT


def test_clocks_are_told_apart(films: dict[str, Path]) -> None:
    clocks = {kind: probe_film(path).clock for kind, path in films.items()}
    assert clocks == {
        "avi h264": "dts", "avi mpeg4": "pts", "joined ts": "pts",
        "raw h264": "count", "raw hevc": "count", "raw mpeg2": "count",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [*KINDS, "joined ts"])
def test_analysis_knows_how_single_pictures_are_right(films: dict[str, Path], kind: str, tmp_path: Path) -> None:
    session = Session(tmp_path / "cache", Progress(ProgressKind.none))
    found = find_shots(session, films[kind])
    assert (found.analysis.rate, found.analysis.frames) == (RATE, COUNT)
    for frame in (3, COUNT // 2 - 1, COUNT // 2, COUNT - 2):
        assert number_at(found.info, frame) == frame
    reader = FrameReader(found.info, RATE)
    for start, end in ((5, 9), (30, 34), (60, 63), (10, 12)):
        shown = [read_number(frame.to_ndarray(format="gray")) for frame in reader.read(start, end)]
        assert shown == list(range(start, end))


def test_a_restart_is_counted(films: dict[str, Path]) -> None:
    damage = Damage()
    assert len(list(numbers_of(probe_film(films["joined ts"]), damage))) == COUNT
    assert damage.restarts == 1


def test_a_trailer_of_a_joined_film_shows_both_parts(films: dict[str, Path], tmp_path: Path) -> None:
    plan = make_plan([(60, 70), (8, 20), (84, 92)], frames=COUNT, size=SIZE)
    plan = plan.model_copy(update={"film": plan.film.model_copy(update={"in_order": True})})
    music = tmp_path / "music.wav"
    wavfile.write(music, 48_000, np.zeros((48_000 * 3, 2), np.float32))
    output = tmp_path / "trailer.mp4"
    render_trailer(
        plan,
        output,
        film=films["joined ts"],
        music=music,
        settings=RenderSettings(crf=20, preset="veryfast"),
        work=tmp_path / "work",
        progress=Progress(ProgressKind.none),
    )
    shown = list(numbers_of(replace(probe_film(output), in_order=True)))
    assert shown == [*range(60, 70), *range(8, 20), *range(84, 92)]
