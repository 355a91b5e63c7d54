"""Every colour tag that ffmpeg knows: kept with the numbers, converted rightly, or refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from trailergen.errors import InputError
from trailergen.media.colorimetry import luma_weights, to_bt709
from trailergen.media.ffmpeg import ENVIRONMENT, file_url, find_ffmpeg, run
from trailergen.media.frames import read_frames
from trailergen.media.probe import FilmInfo, info_from_facts, info_to_facts, probe_film
from trailergen.media.tonemap import small_bt709
from trailergen.rendering.video import Clip, encode_clip
from trailergen.settings.render import RenderSettings

SIZE = (320, 180)
PRIMARIES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 10: "smpte428",
             11: "smpte431", 12: "smpte432"}  # fmt: skip
TRANSFERS = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100",
             10: "log316", 11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12",
             17: "smpte428"}  # fmt: skip
MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
REFUSED = {8: "ycgco", 10: "bt2020c", 11: "smpte2085", 12: "chroma-derived-nc", 13: "chroma-derived-c", 14: "ictcp"}


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Saturated colours, which lie outside of BT.709 where they are taken for BT.2020's."""
    path = tmp_path_factory.mktemp("pattern") / "pattern.mp4"
    source = ffmpeg.input(f"testsrc2=size={SIZE[0]}x{SIZE[1]}:rate=24:duration=0.2", format="lavfi")
    run(source.output(file_url(path), vcodec="libx264", pix_fmt="yuv420p", crf=12))
    return path


def tagged(pattern: Path, path: Path, primaries: int, transfer: int, matrix: int, full: int = 0) -> Path:
    tags = {"colour_primaries": primaries, "transfer_characteristics": transfer, "matrix_coefficients": matrix}
    settings = ":".join(f"{name}={number}" for name, number in {**tags, "video_full_range_flag": full}.items())
    run(ffmpeg.input(file_url(pattern)).output(file_url(path), vcodec="copy", **{"bsf:v": f"h264_metadata={settings}"}))
    return path


def rendered(film: FilmInfo, path: Path, codec: str = "h264") -> FilmInfo:
    settings, rate = RenderSettings(codec=codec), Fraction(24)
    clip = Clip(0, 4, "24", *SIZE, 0)
    with path.open("wb") as file:
        encode_clip(film, clip, settings, read_frames(film, rate, 0, 4), file)
    return probe_film(path)


def planes(film: FilmInfo) -> NDArray[np.int64]:
    return next(read_frames(film, Fraction(24), 2, 3)).to_ndarray(format="yuv420p").astype(int)


@pytest.mark.parametrize(
    "numbers",
    [*((n, 1, 1) for n in PRIMARIES), *((1, n, 1) for n in TRANSFERS), *((1, 1, n) for n in MATRICES)],
)
def test_tags_and_numbers_of_standard_range_are_kept(
    pattern: Path, tmp_path: Path, numbers: tuple[int, int, int]
) -> None:
    film = probe_film(tagged(pattern, tmp_path / "film.mkv", *numbers))
    colour = film.colour
    assert (colour.primaries, colour.transfer, colour.matrix) == (
        PRIMARIES[numbers[0]], TRANSFERS[numbers[1]], MATRICES[numbers[2]]
    )  # fmt: skip
    assert info_from_facts(info_to_facts(film), film.path) == film
    trailer = rendered(film, tmp_path / "trailer.mp4")
    assert trailer.colour == colour
    assert np.abs(planes(trailer) - planes(film)).mean() < 1.5


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_tags_that_encoders_do_not_know_are_left_out(pattern: Path, tmp_path: Path, codec: str) -> None:
    film = probe_film(tagged(pattern, tmp_path / "film.mkv", 22, 1, 1))
    assert (film.colour.primaries, film.colour.unknown) == (None, ("primaries 22",))
    assert rendered(film, tmp_path / "trailer.mp4", codec).colour.primaries is None


@pytest.mark.parametrize("number", REFUSED)
def test_colours_that_would_be_others_are_refused_by_name(pattern: Path, tmp_path: Path, number: int) -> None:
    path = tagged(pattern, tmp_path / "film.mkv", 1, 1, number)
    with pytest.raises(InputError, match=REFUSED[number]) as refused:
        probe_film(path)
    assert "zscale=matrix=bt709" in str(refused.value)


@pytest.mark.parametrize(
    ("primaries", "transfer", "matrix", "full"),
    [
        *((primaries, 16, 9, 0) for primaries in (1, 5, 9, 10, 11, 12)),
        *((primaries, 18, 1, 1) for primaries in (1, 9, 12)),
        *((9, 16, matrix, 0) for matrix in (1, 4, 6, 7)),
        (9, 14, 9, 0),
        (9, 1, 1, 0),
    ],
)
def test_what_ffmpeg_maps_is_what_we_compute(
    pattern: Path, tmp_path: Path, primaries: int, transfer: int, matrix: int, full: int
) -> None:
    """Two computations of the same colours, of which none is the other's: zscale's in the trailer, numpy's here."""
    film = probe_film(tagged(pattern, tmp_path / "film.mkv", primaries, transfer, matrix, full))
    trailer = rendered(film, tmp_path / "trailer.mp4")
    wanted = small_bt709(next(read_frames(film, Fraction(24), 2, 3)), film, SIZE)
    picture = next(read_frames(trailer, Fraction(24), 2, 3))
    shown = picture.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray() / 255
    # Inside of patches: at their edges chroma is mixed before the one, and after the other.
    flat = np.stack([np.abs(np.roll(wanted, step, axis) - wanted).max(axis=2) for step in (-4, 4) for axis in (0, 1)])
    inside = flat.max(axis=0) < 0.02
    assert inside.mean() > 0.5
    assert np.abs(shown - wanted)[inside].mean(axis=0).max() < 0.03


def test_known_matrices_between_primaries() -> None:
    assert np.allclose(to_bt709("bt709"), np.eye(3), atol=1e-6)
    # Of Display P3: https://www.w3.org/TR/css-color-4, in linear light.
    p3 = [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]]
    assert np.allclose(to_bt709("smpte432"), p3, atol=5e-4)
    for name in ("bt470m", "film", "smpte428", "smpte431", "bt2020"):
        assert np.allclose(to_bt709(name).sum(axis=1), 1, atol=1e-3)  # white stays white
    assert np.allclose([luma_weights(name).sum() for name in (*MATRICES.values(), None)], 1)


@pytest.fixture(params=["found", "bundled"])
def some_ffmpeg(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The ffmpeg that is found, and the one that is there without any, whose scaler may be another."""
    if request.param == "bundled":
        monkeypatch.setenv(ENVIRONMENT, imageio_ffmpeg.get_ffmpeg_exe())
    find_ffmpeg.cache_clear()
    yield
    find_ffmpeg.cache_clear()


@pytest.mark.usefixtures("some_ffmpeg")
@pytest.mark.parametrize("pixels", ["gray", "gray16le"])
@pytest.mark.parametrize(("tag", "shown"), [("tv", [16, 126, 235]), ("pc", [30, 124, 218])])
def test_grey_films_are_as_light_as_their_tags_say(pixels: str, tag: str, shown: list[int], tmp_path: Path) -> None:
    """Three patches of 16, 126 and 235, in 8 bits or 16."""
    path, patches = tmp_path / "film.mkv", np.repeat(np.array([16, 126, 235], np.uint8), 107)[1:]
    grey = np.broadcast_to(patches, (SIZE[1], SIZE[0]))
    numbers = grey.copy() if pixels == "gray" else grey.astype(np.uint16) << 8
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=24)
        stream.width, stream.height, stream.pix_fmt = *SIZE, pixels
        for _ in range(12):
            frame = av.VideoFrame.from_ndarray(numbers, pixels)
            frame.color_range = stream.codec_context.color_range = {"tv": 1, "pc": 2}[tag]
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    film = probe_film(path)
    assert (film.pixel_format, film.colour.range) == (pixels, tag)
    trailer = rendered(film, tmp_path / "trailer.mp4")
    luma = next(read_frames(trailer, Fraction(24), 2, 3)).reformat(format="yuv420p").to_ndarray()[: SIZE[1]]
    assert [luma[:, middle - 30 : middle + 30].mean() for middle in (53, 160, 267)] == pytest.approx(shown, abs=1.2)


@pytest.mark.usefixtures("some_ffmpeg")
def test_the_xyz_of_cinemas_becomes_bt709(tmp_path: Path) -> None:
    path = tmp_path / "film.nut"
    source = ffmpeg.input(f"testsrc2=size={SIZE[0]}x{SIZE[1]}:rate=24:duration=0.2", format="lavfi")
    run(source.output(file_url(path), vcodec="rawvideo", pix_fmt="xyz12le"))
    film = probe_film(path)
    trailer = rendered(film, tmp_path / "trailer.mp4")
    assert (film.pixel_format, trailer.colour.matrix, trailer.colour.transfer) == ("xyz12le", "bt709", "bt709")
    shown, wanted = (
        next(read_frames(one, Fraction(24), 2, 3)).to_ndarray(format="rgb24", src_colorspace=space).astype(int)
        for one, space in ((trailer, "ITU709"), (film, None))
    )
    assert np.abs(shown - wanted).mean() < 8
