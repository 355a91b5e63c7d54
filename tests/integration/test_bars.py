"""Bars are found where they are, and only there; what is cropped is shown everywhere alike."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
from counterfilm import draw_number, make_film, make_plan
from numpy.typing import NDArray
from scipy.io import wavfile
from test_report_pictures import pixels

from trailergen.media.ffmpeg import file_url, run
from trailergen.media.frames import read_frames
from trailergen.media.probe import probe_film
from trailergen.plans import Crop
from trailergen.rendering.framing import frame_picture
from trailergen.rendering.trailer import render_trailer
from trailergen.report.pictures import thumbnail
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings
from trailergen.shots.bars import find_bars

FRAMES = 96


def scene(number: int, size: tuple[int, int], level: int = 255) -> NDArray[np.uint8]:
    """Noise in large blocks, another one for every number: (height, width)."""
    blocks = np.random.default_rng(number).integers(30, level, (9, 16)).astype(np.uint8)
    return np.asarray(np.kron(blocks, np.ones((size[1] // 9 + 1, size[0] // 16 + 1), np.uint8))[: size[1], : size[0]])


def film(path: Path, draw, size=(320, 180), **options):
    graph = ffmpeg.input("pipe:", format="rawvideo", pixel_format="gray", video_size=size, framerate=24)
    for name, value in options.items():
        graph = graph.filter(name, value)
    graph = graph.output(file_url(path), vcodec="libx264", preset="ultrafast", crf=23, pix_fmt="yuv420p", g=24)
    run(graph, (draw(number).tobytes() for number in range(FRAMES)))
    return probe_film(path)


def boxed(left: int, top: int, right: int, bottom: int, size=(320, 180), level=255):
    def draw(number: int) -> NDArray[np.uint8]:
        picture = np.random.default_rng(number).integers(0, 5, size[::-1]).astype(np.uint8)
        inner = scene(number // 4, (size[0] - left - right, size[1] - top - bottom), level)
        picture[top : size[1] - bottom, left : size[0] - right] = inner
        return picture

    return draw


@pytest.mark.parametrize(
    ("bars", "wanted"),
    [
        ((0, 22, 0, 22), Crop(x=0, y=22, width=320, height=136)),
        ((40, 0, 40, 0), Crop(x=40, y=0, width=240, height=180)),
        ((0, 24, 0, 20), Crop(x=0, y=24, width=320, height=136)),
        ((30, 16, 30, 18), Crop(x=30, y=16, width=260, height=146)),
        ((0, 0, 0, 0), None),
        ((0, 1, 0, 1), None),
        # Of odd bars a line stays rather than one of the picture goes.
        ((0, 23, 0, 21), Crop(x=0, y=22, width=320, height=138)),
        ((31, 0, 33, 0), Crop(x=30, y=0, width=258, height=180)),
    ],
)
def test_bars_are_where_they_are(tmp_path, bars, wanted):
    found = find_bars(film(tmp_path / "film.mp4", boxed(*bars)), Fraction(24), FRAMES)
    assert found == wanted


def test_a_film_by_night_has_no_bars(tmp_path):
    """A light wanders through the dark: nothing ends anywhere twice."""

    def draw(number: int) -> NDArray[np.uint8]:
        chance = np.random.default_rng(number)
        picture = chance.integers(0, 6, (180, 320)).astype(np.uint8)
        x, y = chance.integers(60, 120), chance.integers(30, 60)
        picture[y : y + 70, x : x + 150] = 180
        return picture

    assert find_bars(film(tmp_path / "film.mp4", draw), Fraction(24), FRAMES) is None


def test_fades_and_black_prove_nothing_and_a_dark_film_keeps_its_picture(tmp_path):
    def fading(number: int) -> NDArray[np.uint8]:
        picture = boxed(0, 22, 0, 22)(number).astype(float)
        return np.asarray(picture * (number % 24 / 24), np.uint8)

    info = film(tmp_path / "fading.mp4", fading)
    assert find_bars(info, Fraction(24), FRAMES) == Crop(x=0, y=22, width=320, height=136)
    dark = film(tmp_path / "dark.mp4", lambda number: np.full((180, 320), 3, np.uint8))
    assert find_bars(dark, Fraction(24), FRAMES) is None


def test_the_widest_picture_counts_where_the_shape_changes(tmp_path):
    def draw(number: int) -> NDArray[np.uint8]:
        return boxed(0, 30, 0, 30)(number) if number % 32 < 24 else boxed(0, 12, 0, 12)(number)

    info = film(tmp_path / "film.mp4", draw)
    assert find_bars(info, Fraction(24), FRAMES) == Crop(x=0, y=12, width=320, height=156)


def test_wide_pixels_and_turned_films(tmp_path):
    wide = film(tmp_path / "wide.mp4", boxed(0, 22, 0, 22), setsar="2")
    assert find_bars(wide, Fraction(24), FRAMES) == Crop(x=0, y=22, width=640, height=136)
    turned = make_film(tmp_path / "turned.mp4", 96, rotation=90)
    assert find_bars(probe_film(turned), Fraction(24), 96) is None


@pytest.mark.parametrize("size", [(320, 136), (160, 68)])
def test_the_trailer_and_the_thumbnails_show_what_is_inside(tmp_path, size):
    info = film(tmp_path / "film.mp4", boxed(0, 22, 0, 22))
    crop = Crop(x=0, y=22, width=320, height=136)
    plan = make_plan([(30, 42), (5, 14)], frames=FRAMES, size=size)
    plan = plan.model_copy(update={"sequence": plan.sequence.model_copy(update={"crop": crop})})
    wavfile.write(tmp_path / "music.wav", 48_000, np.random.default_rng(0).uniform(-0.5, 0.5, (240_000, 2)))
    # Rendering compares the trailer with the film through the same framing.
    render_trailer(plan, tmp_path / "trailer.mp4", film=info.path, music=tmp_path / "music.wav",
                   settings=RenderSettings(preset="ultrafast"), work=tmp_path / "work",
                   progress=Progress(ProgressKind.none))  # fmt: skip
    shown = probe_film(tmp_path / "trailer.mp4")
    assert (shown.width, shown.height) == size
    assert find_bars(shown, Fraction(24), 21) is None
    bare = next(read_frames(shown, Fraction(24), 3, 4)).to_ndarray()[: size[1]].astype(float)
    small = pixels(thumbnail(info, Fraction(24), 33, 160, crop))
    assert small.shape == (68, 160, 3)
    wanted = scene(33 // 4, (320, 136)).astype(float)
    for levels in (bare, small[..., 1].astype(float)):
        down, across = 136 // levels.shape[0], 320 // levels.shape[1]
        blocks = wanted.reshape(levels.shape[0], down, levels.shape[1], across).mean(axis=(1, 3))
        assert np.corrcoef(levels.ravel(), blocks.ravel())[0, 1] > 0.99
        # Nothing of the bars, not even at the edges.
        assert np.corrcoef(levels[[0, -1]].ravel(), blocks[[0, -1]].ravel())[0, 1] > 0.98


def test_framing_of_a_part_is_even_and_inside(tmp_path):
    info = probe_film(make_film(tmp_path / "film.mp4", 12))
    crop = Crop(x=40, y=20, width=240, height=140)
    for width, height in [(240, 140), (120, 70), (480, 280), (100, 100)]:
        framing = frame_picture(info, width, height, crop)
        assert framing.size == (width, height)
        assert framing.cut == framing.unturned_cut() == (40, 20, 240, 140)
        for side in (0, 1):
            assert framing.offset[side] % 2 == 0
            assert 0 <= framing.offset[side] <= framing.scaled[side] - framing.size[side]
    assert frame_picture(info, 240, 140, crop).scaled == (240, 140)
    assert frame_picture(info, 320, 180).unturned_cut() is None


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_part_of_a_turned_film_is_cut_where_it_is_shown(tmp_path, rotation, mirrored):
    """Rendering compares with the film by another way: it scales and turns the whole, and cuts then."""
    path = make_film(tmp_path / "film.mp4", FRAMES, rotation=rotation, mirrored=mirrored)
    info = probe_film(path)
    width, height = info.display_width, info.display_height
    crop = Crop(x=width // 4 // 2 * 2, y=0, width=width // 2 // 2 * 2, height=height // 2 // 2 * 2)
    plan = make_plan([(30, 42), (5, 14)], frames=FRAMES, size=(crop.width, crop.height))
    film_part = plan.film.model_copy(update={"width": width, "height": height})
    plan = plan.model_copy(update={"film": film_part, "sequence": plan.sequence.model_copy(update={"crop": crop})})
    wavfile.write(tmp_path / "music.wav", 48_000, np.random.default_rng(0).uniform(-0.5, 0.5, (240_000, 2)))
    render_trailer(plan, tmp_path / "trailer.mp4", film=path, music=tmp_path / "music.wav",
                   settings=RenderSettings(preset="ultrafast"), work=tmp_path / "work",
                   progress=Progress(ProgressKind.none))  # fmt: skip
    shown = next(read_frames(probe_film(tmp_path / "trailer.mp4"), Fraction(24), 0, 1)).to_ndarray()
    part = draw_number(30, width, height)[crop.y : crop.y + crop.height, crop.x : crop.x + crop.width]
    assert np.abs(shown[: crop.height] - (16 + part * (219 / 255))).mean() < 3
