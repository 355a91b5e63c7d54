"""The shape of pictures as players show it: what a container crops, and pixels whose aspect changes in mid-film."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.logging
import ffmpeg
import imageio_ffmpeg
import numpy as np
import pytest
from containers import crop_matroska, crop_mp4
from counterfilm import draw_number, make_film, make_plan, read_number, read_numbers, turn
from numpy.typing import NDArray
from scipy.io import wavfile

from trailergen.media.container import open_media
from trailergen.media.cropping import Edges, fitting
from trailergen.media.decoding import Damage
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.frames import decode_film
from trailergen.media.probe import FilmInfo, info_from_facts, info_to_facts, probe_film
from trailergen.plans import Plan
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.settings.render import RenderSettings
from trailergen.stages import find_shots

RATE = Fraction(24)
COUNT = 48
CODED = (320, 240)
EDGES = Edges(left=34, right=46, top=20, bottom=40)  # what is left has 240x180
SHOWN = (CODED[0] - EDGES.left - EDGES.right, CODED[1] - EDGES.top - EDGES.bottom)
TAGS = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "color_range": "tv"}


def framed(number: int, way: int) -> bytes:
    """A number where the container shows it, turned back by ``way`` degrees, and noise around it."""
    canvas = np.random.default_rng(number).integers(0, 256, CODED[::-1], np.uint8)
    upright = SHOWN[::-1] if way in (90, 270) else SHOWN
    canvas[EDGES.top : CODED[1] - EDGES.bottom, EDGES.left : CODED[0] - EDGES.right] = np.rot90(
        draw_number(number, *upright), way // 90
    )
    return canvas.tobytes()


def encode(path: Path, pictures: Iterator[bytes], size: tuple[int, int], **options: object) -> Path:
    graph = ffmpeg.input("pipe:", format="rawvideo", pixel_format="gray", video_size=size, framerate=str(RATE))
    run(graph.output(file_url(path), pix_fmt="yuv420p", g=12, **options), pictures)
    return path


@pytest.fixture(scope="module")
def cropped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("cropped")

    def pictures(way: int = 0) -> Iterator[bytes]:
        return (framed(number, way) for number in range(COUNT))

    coding = {"vcodec": "libx264", "bf": 2, "crf": 14, "preset": "veryfast"}
    centre = ((EDGES.left - EDGES.right) // 2, (EDGES.top - EDGES.bottom) // 2)
    return {
        "mkv": crop_matroska(encode(folder / "film.mkv", pictures(), CODED, **coding, **TAGS), *EDGES),
        "mp4": crop_mp4(encode(folder / "film.mp4", pictures(), CODED, **coding), SHOWN, centre),
        "turned mp4": crop_mp4(turned(encode(folder / "turned.mp4", pictures(90), CODED, **coding)), SHOWN, centre),
    }


def turned(path: Path) -> Path:
    turn(path, 90)
    return path


def pictures_of(film: FilmInfo, damage: Damage | None = None) -> Iterator[NDArray[np.uint8]]:
    with open_media(film.path) as container:
        for event in decode_film(container, film, damage=damage):
            if isinstance(event, tuple):
                yield event[1].to_ndarray(format="gray")


def numbers_of(film: FilmInfo) -> list[int]:
    return [read_number(np.rot90(grey, -film.rotation // 90)) for grey in pictures_of(film)]


@pytest.mark.parametrize("kind", ["mkv", "mp4", "turned mp4"])
def test_lines_that_the_container_hides_are_not_there(cropped: dict[str, Path], kind: str) -> None:
    film = probe_film(cropped[kind])
    assert (film.width, film.height, film.crop, film.pixel_aspect) == (*SHOWN, EDGES, 1)
    assert (film.display_width, film.display_height) == (SHOWN[::-1] if film.rotation == 90 else SHOWN)
    assert {grey.shape for grey in pictures_of(film)} == {SHOWN[::-1]}
    assert numbers_of(film) == list(range(COUNT))
    assert info_from_facts(info_to_facts(film), film.path) == film


@pytest.mark.parametrize("kind", ["mkv", "mp4"])
def test_it_is_what_the_ffmpeg_program_shows(cropped: dict[str, Path], kind: str) -> None:
    """From version 7.1 on it crops by itself; it leaves columns at the left, for the sake of alignment."""
    exe = imageio_ffmpeg.get_ffmpeg_exe()
    command = [exe, "-v", "error", "-flags", "unaligned", "-i", file_url(cropped[kind]), "-frames:v", "1"]
    done = subprocess.run([*command, "-f", "rawvideo", "-pix_fmt", "gray", "-"], capture_output=True, check=True)
    if len(done.stdout) == CODED[0] * CODED[1]:
        pytest.skip("this ffmpeg does not crop")
    ours = next(pictures_of(probe_film(cropped[kind])))
    theirs = np.frombuffer(done.stdout, np.uint8).reshape(SHOWN[::-1])
    assert np.abs(ours.astype(int) - theirs).max() <= 1


@pytest.mark.parametrize("kind", ["mkv", "mp4", "turned mp4"])
def test_a_trailer_of_a_cropped_film(cropped: dict[str, Path], kind: str, tmp_path: Path) -> None:
    film = probe_film(cropped[kind])
    plan = make_plan([(30, 40), (8, 20)], frames=COUNT, size=(film.display_width, film.display_height))
    output = render(plan, cropped[kind], tmp_path)
    assert read_numbers(output)[0] == [*range(30, 40), *range(8, 20)]


def test_a_crop_that_leaves_nothing_is_none() -> None:
    assert fitting(Edges(160, 160, 0, 0), CODED) == Edges()
    assert fitting(EDGES, CODED) == EDGES


def test_describing_a_file_leaves_the_log_as_it_was(cropped: dict[str, Path]) -> None:
    for level in (None, av.logging.ERROR):
        av.logging.set_level(level)
        probe_film(cropped["mkv"])
        assert av.logging.get_level() == level
    av.logging.set_level(None)


def test_ordinary_pictures_are_given_as_they_are(tmp_path: Path) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 6, pixel_aspect=Fraction(4, 3)))
    with open_media(film.path) as ours, av.open(str(film.path)) as theirs:
        for event, picture in zip(decode_film(ours, film), theirs.decode(video=0), strict=True):
            assert isinstance(event, tuple)
            assert (event[1].pts, event[1].time_base) == (picture.pts, picture.time_base)
            assert (event[1].to_ndarray() == picture.to_ndarray()).all()


SIZE = (352, 288)


@pytest.fixture(scope="module")
def switching(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """4:3, 16:9 and 4:3 again by the pixels' aspect, as broadcasts are."""
    folder = tmp_path_factory.mktemp("switching")
    codings = {"mpeg2": {"vcodec": "mpeg2video", "qscale:v": 2, "bf": 2}, "h264": {"vcodec": "libx264", "bf": 3}}
    films = {}
    for name, coding in codings.items():
        parts = []
        for part, aspect in enumerate(["4/3", "16/9", "4/3"]):
            numbers = range(part * COUNT, (part + 1) * COUNT)
            options = {"aspect": aspect, "format": "mpegts", "output_ts_offset": 10 + 2 * part, **coding}
            parts.append(encode(folder / f"{name}{part}.ts", (pixels(number) for number in numbers), SIZE, **options))
        films[name] = folder / f"{name}.ts"
        films[name].write_bytes(b"".join(part.read_bytes() for part in parts))
    return films


def pixels(number: int) -> bytes:
    return np.maximum(draw_number(number, *SIZE), 64).tobytes()  # nothing in it is as black as bars are


@pytest.mark.parametrize("kind", ["mpeg2", "h264"])
def test_pictures_of_another_shape_are_shown_whole(switching: dict[str, Path], kind: str) -> None:
    film, damage = probe_film(switching[kind]), Damage()
    shown = list(pictures_of(film, damage))
    assert (film.pixel_aspect, film.display_width, film.display_height) == (Fraction(12, 11), 384, 288)
    bars = [int((grey.max(axis=1) < 40).sum()) for grey in shown]
    assert {grey.shape for grey in shown} == {SIZE[::-1]}
    numbers = [
        read_number(np.where(inner < 90, 0, inner))
        for inner in (grey[lines // 2 : SIZE[1] - lines // 2] for grey, lines in zip(shown, bars, strict=True))
    ]
    assert numbers == list(range(3 * COUNT))
    # A quarter of the height is bars where the picture is 16:9 in 4:3.
    assert bars == [0] * COUNT + [72] * COUNT + [0] * COUNT
    assert damage.other_shapes >= COUNT - 4


def test_a_changed_shape_is_said_and_rendered(
    switching: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(tmp_path / "cache", Progress(ProgressKind.plain))
    found = find_shots(session, switching["mpeg2"])
    assert "mpeg2.ts changes its shape" in capsys.readouterr().err
    plan = make_plan([(60, 70), (8, 20)], frames=found.analysis.frames, size=(384, 288))
    plan = plan.model_copy(update={"film": plan.film.model_copy(update={"in_order": found.info.in_order})})
    output = render(plan, switching["mpeg2"], tmp_path)
    dark = [int((grey.max(axis=1) < 40).sum()) for grey in pictures_of(probe_film(output))]
    assert dark[1:10] == [72] * 9 and dark[11:] == [0] * 11


def render(plan: Plan, film: Path, folder: Path) -> Path:
    wavfile.write(folder / "music.wav", 48_000, np.zeros((48_000 * 3, 2), np.float32))
    settings, quiet = RenderSettings(crf=18, preset="veryfast"), Progress(ProgressKind.none)
    output = folder / "trailer.mp4"
    render_trailer(
        plan,
        output,
        film=film,
        music=folder / "music.wav",
        settings=settings,
        work=folder / "work",
        progress=quiet,
    )
    return output
