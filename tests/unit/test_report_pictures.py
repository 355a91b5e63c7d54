"""Thumbnails: the right picture, upright, in the film's shape and colours, as JPEG."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import make_film, read_number
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import probe_film
from trailergen.report.pictures import thumbnail


def pixels(jpeg: bytes) -> NDArray[np.uint8]:
    with av.open(io.BytesIO(jpeg), format="mjpeg") as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_picture_is_the_one_asked_for_and_upright(tmp_path: Path, rotation: int, mirrored: bool) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 60, rotation=rotation, mirrored=mirrored))
    for number in (0, 31, 59):
        found = pixels(thumbnail(film, Fraction(24), number, 240))
        assert found.shape == ((240, 136, 3) if rotation in (90, 270) else (136, 240, 3))
        assert read_number(found[..., 1]) == number


def test_wide_pixels_are_shown_wide(tmp_path: Path) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 24, pixel_aspect=Fraction(4, 3)))
    assert pixels(thumbnail(film, Fraction(24), 3, 120)).shape == (50, 120, 3)


@pytest.mark.parametrize(("matrix", "pixel_format"), [("bt709", "yuv420p"), ("smpte170m", "yuvj420p")])
def test_colours_are_kept(tmp_path: Path, matrix: str, pixel_format: str) -> None:
    path = tmp_path / "film.mp4"
    graph = ffmpeg.input("color=0xC81E28:size=320x180:rate=24:duration=1", format="lavfi")
    graph = graph.filter("scale", out_color_matrix=matrix, out_range="pc" if "j" in pixel_format else "tv")
    run(graph.output(file_url(path), pix_fmt=pixel_format, colorspace=matrix, crf=10))
    found = pixels(thumbnail(probe_film(path), Fraction(24), 5, 120)).mean(axis=(0, 1))
    # What the samples in the file mean by the standard's own numbers; making the file cost some levels already.
    with av.open(str(path)) as container:
        planes = next(container.decode(video=0)).planes
        luma, blue, red = (float(np.frombuffer(plane, np.uint8)[:20].mean()) for plane in planes)
    wide = "j" in pixel_format
    luma, chroma = (luma, 1.0) if wide else ((luma - 16) * 255 / 219, 255 / 224)
    of_red, of_blue = (0.2126, 0.0722) if matrix == "bt709" else (0.299, 0.114)
    r, b = luma + 2 * (1 - of_red) * chroma * (red - 128), luma + 2 * (1 - of_blue) * chroma * (blue - 128)
    g = (luma - of_red * r - of_blue * b) / (1 - of_red - of_blue)
    assert np.abs(np.array([r, g, b]) - [200, 30, 40]).max() < 6
    assert np.abs(found - [r, g, b]).max() < 6


def test_the_same_picture_is_the_same_bytes(tmp_path: Path) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 24))
    assert thumbnail(film, Fraction(24), 7, 240) == thumbnail(film, Fraction(24), 7, 240)


def test_a_film_that_is_gone(tmp_path: Path) -> None:
    film = probe_film(make_film(tmp_path / "film.mp4", 24))
    film.path.unlink()
    with pytest.raises(InputError, match=r"film\.mp4"):
        thumbnail(film, Fraction(24), 7, 240)
