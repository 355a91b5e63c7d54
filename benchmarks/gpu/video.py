"""Decoding and encoding by the graphics card, as far as PyAV's ffmpeg and the driver can."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import av
from av.codec.hwaccel import hwdevices_available

from benchmarks.gpu.films import film, pictures, write
from benchmarks.gpu.parts import Row, Setting
from trailergen.media.container import open_media
from trailergen.media.frames import decode_film
from trailergen.media.hwaccel import hardware_decoder
from trailergen.media.probe import probe_film
from trailergen.runtime.device import Hwaccel

SIZE = 1920, 1080


def hardware(setting: Setting) -> list[Row]:
    """Frames a second each way, or the reason why not."""
    frames = setting.size(240, 24)
    width, height = SIZE if not setting.tiny else (320, 180)
    path = film(setting, frames, width, height)
    shown = list(pictures(min(frames, 96), width, height))

    def by_card() -> int:
        decoder, reason = hardware_decoder(Hwaccel.cuda, setting.device, path)
        if reason is not None:
            raise RuntimeError(reason)
        return _decoded(path, decoder)

    def encoded(codec: str) -> Callable[[], int]:
        def encode() -> int:
            write(setting.folder / f"encoded-{codec}.mp4", iter(shown), width, height, codec)
            return len(shown)

        return encode

    rows = [Row("hardware that this PyAV knows", ", ".join(hwdevices_available()) or "none")]
    ways: dict[str, Callable[[], int]] = {
        "decoding on the CPU": lambda: _decoded(path, None),
        "decoding by NVDEC": by_card,
        "decoding by h264_cuvid": lambda: _cuvid(path),
        "encoding by libx264 veryfast": encoded("libx264"),
        "encoding by h264_nvenc": encoded("h264_nvenc"),
    }
    for what, way in ways.items():
        rows.append(_timed(f"{width} x {height}: {what}", way))
    return rows


def _timed(what: str, way: Callable[[], int]) -> Row:
    start = time.perf_counter()
    try:
        frames = way()
    except Exception as error:  # the reasons of ffmpeg, PyAV and the driver have nothing in common
        return Row(what, f"cannot be had: {type(error).__name__}: {error}"[:200])
    rate = frames / (time.perf_counter() - start)
    return Row(what, f"{rate:.0f} frames/s", figures={"frames_per_s": rate})


def _decoded(path: Path, decoder: av.codec.hwaccel.HWAccel | None) -> int:
    info, count = probe_film(path), 0
    with open_media(path, decoder) as container:
        for _ in decode_film(container, info):
            count += 1
    return count


def _cuvid(path: Path) -> int:
    context = av.CodecContext.create("h264_cuvid", "r")
    count = 0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context.extradata = stream.codec_context.extradata
        for packet in container.demux(stream):
            count += len(context.decode(packet))  # type: ignore[attr-defined]
    return count
