"""Clips encoded in this process are those that the program makes, picture for picture."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import IO

import av
import ffmpeg
import numpy as np
import pytest

from trailergen.errors import FFmpegError
from trailergen.media import encoding
from trailergen.media.ffmpeg import ENVIRONMENT, file_url, find_ffmpeg, run
from trailergen.media.frames import read_frames
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.rendering.codec import means
from trailergen.rendering.overlay import Writing
from trailergen.rendering.segments import segment_path
from trailergen.rendering.video import Clip, Dissolve, encode_clip, encode_dissolve, encode_drawn
from trailergen.settings.render import RenderSettings

Encode = Callable[[IO[bytes]], None]
RATE, FRAMES = Fraction(24), 12
FAST = RenderSettings(preset="veryfast")
PERTURBED = """
import hashlib, sys
from fractions import Fraction
from pathlib import Path
from trailergen.media.frames import read_frames
from trailergen.media.probe import probe_film
from trailergen.rendering.video import Clip, encode_clip
from trailergen.settings.render import RenderSettings
film = probe_film(Path(sys.argv[1]))
with open(sys.argv[2], "wb") as file:
    clip = Clip(0, 12, "24", film.width, film.height, 0)
    encode_clip(film, clip, RenderSettings(), read_frames(film, Fraction(24), 0, 12), file)
"""


@pytest.fixture(autouse=True)
def no_ffmpeg_named(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    find_ffmpeg.cache_clear()
    yield
    find_ffmpeg.cache_clear()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], FilmInfo]:
    folder = tmp_path_factory.mktemp("films")

    def film(pixel_format: str, size: str) -> FilmInfo:
        path = folder / f"{pixel_format}-{size}.nut"
        if not path.exists():
            source = ffmpeg.input(f"testsrc2=size={size}:rate=24:duration=0.5", format="lavfi")
            run(source.output(file_url(path), vcodec="rawvideo", pix_fmt=pixel_format))
        return probe_film(path)

    return film


def clip_of(film: FilmInfo, clip: Clip, settings: RenderSettings = FAST) -> Encode:
    return lambda file: encode_clip(film, clip, settings, read_frames(film, RATE, 0, FRAMES), file)


def seen(encode: Encode) -> list[tuple[object, ...]]:
    file = io.BytesIO() if encoding.Means().is_here else open(os.memfd_create("segment"), "w+b")  # noqa: SIM115
    with file:
        encode(file)
        file.seek(0)
        with av.open(file) as container:
            aspect = container.streams.video[0].codec_context.sample_aspect_ratio
            return [
                (
                    *(frame.time, aspect, frame.colorspace, frame.color_range, frame.color_primaries, frame.color_trc),
                    frame.to_ndarray(format=frame.format.name).tobytes(),
                )
                for frame in container.decode(video=0)
            ]


def agree(encode: Encode, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as no_process:
        no_process.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started"))
        here = seen(encode)
    monkeypatch.setenv(ENVIRONMENT, find_ffmpeg())
    theirs = seen(encode)
    assert len(here) == FRAMES
    assert here == theirs


@pytest.mark.parametrize("size", ["320x180", "426x240"])
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuvj420p", "yuv422p10le", "yuv444p", "gbrp", "bgr0", "yuva420p"])
def test_films_of_every_kind_look_the_same(films, monkeypatch, pixel_format, size):
    film = films(pixel_format, size)
    agree(clip_of(film, Clip(0, FRAMES, "24", 320, 180, 4, rise=3)), monkeypatch)


@pytest.mark.parametrize(
    "settings",
    [RenderSettings(crf=0), RenderSettings(), RenderSettings(codec="prores")],
    ids=["lossless", "h264", "prores"],
)
def test_settings_look_the_same(films, monkeypatch, settings):
    agree(clip_of(films("yuv420p10le", "426x240"), Clip(0, FRAMES, "30000/1001", 320, 180, 0), settings), monkeypatch)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_turned_films_look_the_same(films, monkeypatch, turned):
    film = replace(films("yuv420p", "320x180"), rotation=turned)
    size = (320, 180) if turned == 180 else (180, 320)
    agree(clip_of(film, Clip(0, FRAMES, "24", *size, 0)), monkeypatch)


def test_a_pan_looks_the_same(films, monkeypatch):
    clip = Clip(0, FRAMES, "24", 90, 160, 0, crop=(0, 0, 200, 180), pan=(1, 0, 0, FRAMES))
    agree(clip_of(films("yuv420p", "320x180"), clip), monkeypatch)


@pytest.mark.parametrize("coloured", [False, True])
def test_what_is_written_over_looks_the_same(films, monkeypatch, coloured):
    film, drawn = films("yuv420p", "320x180"), np.zeros((180, 320, 4), np.uint8)
    drawn[40:120, 60:200] = (255, 160, 20, 200) if coloured else (255, 255, 255, 200)
    writings = [Writing("one", drawn, 2, (0.25, 0.5, 1.0, 1.0, 0.5)), Writing("two", drawn[::-1], 5, (1.0,) * 7)]
    clip = Clip(0, FRAMES, "24", 320, 180, 0)

    def encode(file: IO[bytes]) -> None:
        encode_clip(film, clip, FAST, read_frames(film, RATE, 0, FRAMES), file, writings=writings)

    agree(encode, monkeypatch)


def test_a_dissolve_looks_the_same(films, monkeypatch):
    film, clip = films("yuv420p", "426x240"), Clip(0, FRAMES, "24", 320, 180, 0)

    def encode(file: IO[bytes]) -> None:
        pictures = list(read_frames(film, RATE, 0, FRAMES))
        encode_dissolve(film, Dissolve(clip, clip), FAST, (pictures, pictures[::-1]), file)

    agree(encode, monkeypatch)


@pytest.mark.parametrize("pixels", ["gray", "rgb24"])
def test_a_card_looks_the_same(films, monkeypatch, pixels):
    film, shape = films("yuv420p", "320x180"), (180, 320) if pixels == "gray" else (180, 320, 3)
    drawn = [np.full(shape, 20 * k, np.uint8).tobytes() for k in range(FRAMES)]
    agree(lambda file: encode_drawn(film, (320, 180), "24", FAST, drawn, file, pixels=pixels), monkeypatch)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc")
def test_what_was_in_memory_does_not_matter(films, tmp_path):
    """The width is no multiple of 128, and glibc fills what it gives with another byte."""
    film, made = films("yuv420p", "368x640"), set()
    for byte in ("1", "85", "255"):
        path = tmp_path / f"{byte}.mp4"
        command = [sys.executable, "-c", PERTURBED, str(film.path), str(path)]
        subprocess.run(command, check=True, env={**os.environ, "MALLOC_PERTURB_": byte})
        made.add(path.read_bytes())
    assert len(made) == 1


def test_what_would_look_different_is_left_to_the_program(films):
    usual = films("yuv420p", "320x180")
    assert means(usual, FAST).is_here
    assert means(usual, RenderSettings(codec="prores")).is_here
    assert not means(usual, RenderSettings(codec="hevc")).is_here
    assert not means(films("xyz12le", "320x180"), FAST).is_here
    assert not encoding.Means(("no_such_encoder",)).is_here


def test_segments_of_another_encoder_have_other_names(monkeypatch):
    clip = Clip(0, FRAMES, "24", 320, 180, 0)
    here = segment_path(Path(), "", clip, FAST)
    monkeypatch.setenv(ENVIRONMENT, find_ffmpeg())
    assert segment_path(Path(), "", clip, FAST) != here


class Full(io.BytesIO):
    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_told(films):
    with pytest.raises(FFmpegError, match="ffmpeg failed") as failure:
        clip_of(films("yuv420p", "320x180"), Clip(0, FRAMES, "24", 320, 180, 0))(Full())
    assert "free some space" in (failure.value.hint or "")


def test_it_can_be_stopped_while_the_encoder_ends(films):
    film, clip = films("yuv420p", "320x180"), Clip(0, FRAMES, "24", 320, 180, 0)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_clip(film, clip, FAST, read_frames(film, RATE, 0, FRAMES), io.BytesIO(), stop)
