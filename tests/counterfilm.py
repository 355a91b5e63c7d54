"""Films whose every picture shows its own number, as black and white blocks that survive any encoding.

The blocks are a grid of 4 x 4 on the upright picture: twelve bits of the number, then a row that no turned
or mirrored picture has.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import ffmpeg
import numpy as np
from numpy.typing import NDArray

from trailergen.media.ffmpeg import file_url, run
from trailergen.plans import SCHEMA, Plan, parse_plan
from trailergen.timebase import format_fraction

_MARK = (1, 0, 1, 1)
# ISO/IEC 14496-12, 8.3.2: the matrix of a track, by the clockwise turn that shows it upright.
_MATRIX = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def draw_number(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """The upright picture of a number below 4096, (height, width), black 0 and white 255."""
    bits = [number >> bit & 1 for bit in range(12)] + list(_MARK)
    rows = np.arange(height) * 4 // height
    columns = np.arange(width) * 4 // width
    grid = np.array(bits, np.uint8).reshape(4, 4) * np.uint8(255)
    return np.asarray(grid[rows[:, None], columns[None, :]], np.uint8)


def read_number(grey: NDArray[np.uint8]) -> int:
    """The number a picture (height, width) shows, -1 where it is none, or is turned, mirrored or dark."""
    height, width = grey.shape
    cells = [
        grey[int((row + 0.3) * height / 4) : int((row + 0.7) * height / 4),
             int((column + 0.3) * width / 4) : int((column + 0.7) * width / 4)].mean()
        for row in range(4)
        for column in range(4)
    ]  # fmt: skip
    bits = [int(cell > 128) for cell in cells]
    clear = all(cell < 64 or cell > 192 for cell in cells)
    return sum(bit << place for place, bit in enumerate(bits[:12])) if clear and tuple(bits[12:]) == _MARK else -1


def make_film(
    path: Path,
    frames: int,
    *,
    rate: Fraction = Fraction(24),
    size: tuple[int, int] = (320, 180),
    pixel_aspect: Fraction = Fraction(1),
    rotation: int = 0,
    mirrored: bool = False,
    pixel_format: str = "yuv420p",
) -> Path:
    """An mp4 of numbered pictures with B-frames and a key frame every 12.

    Args:
        path: the file to write.
        frames: how many pictures.
        rate: pictures per second.
        size: (width, height) as coded.
        pixel_aspect: width of a pixel by its height.
        rotation: clockwise degrees that show the film upright; the pictures are stored turned back.
        mirrored: store them mirrored left to right, too, and say so.
        pixel_format: of the file.
    """
    upright = size[::-1] if rotation in (90, 270) else size

    def pictures() -> Iterator[bytes]:
        for number in range(frames):
            turned = np.rot90(draw_number(number, *upright), rotation // 90)
            yield (turned[:, ::-1] if mirrored else turned).tobytes()

    graph = ffmpeg.input("pipe:", format="rawvideo", pixel_format="gray", video_size=size, framerate=str(rate))
    graph = graph.filter("setsar", format_fraction(pixel_aspect)).output(
        file_url(path), format="mp4", vcodec="libx264", pix_fmt=pixel_format, g=12, bf=2, crf=20, preset="veryfast"
    )
    run(graph, pictures())
    if rotation or mirrored:
        turn(path, rotation, mirrored)
    return path


def make_variable_film(path: Path, times_ms: Sequence[int], size: tuple[int, int] = (320, 180)) -> Path:
    """A Matroska film whose picture ``k`` is shown from ``times_ms[k]``."""
    steady = make_film(path.with_suffix(".steady.mp4"), len(times_ms), rate=Fraction(25), size=size)
    graph = ffmpeg.input(file_url(steady)).output(
        file_url(steady.with_suffix(".ip.mp4")), format="mp4", vcodec="libx264", g=12, bf=0, preset="veryfast"
    )
    run(graph)
    with av.open(str(steady.with_suffix(".ip.mp4"))) as source, av.open(str(path), "w", format="matroska") as film:
        track = film.add_stream_from_template(source.streams.video[0])
        packets = [packet for packet in source.demux(video=0) if packet.size]
        for packet, time in zip(packets, times_ms, strict=True):
            packet.time_base, packet.pts, packet.dts, packet.duration = Fraction(1, 1000), time, time, 0
            packet.stream = track
            film.mux(packet)
    return path


def read_numbers(path: Path) -> tuple[list[int], list[Fraction]]:
    """The number of every picture of a file, and its time in seconds."""
    numbers, times = [], []
    with av.open(file_url(path)) as container:
        for frame in container.decode(video=0):
            numbers.append(read_number(frame.reformat(format="gray").to_ndarray()))
            times.append((frame.pts or 0) * Fraction(frame.time_base))
    return numbers, times


def make_plan(
    clips: Sequence[tuple[int, int]],
    *,
    frames: int,
    rate: Fraction = Fraction(24),
    size: tuple[int, int] = (320, 180),
    fade_out: int = 0,
    music_start: int = 0,
    music_rate: int = 48_000,
) -> Plan:
    """A valid plan that shows film frames ``[start, end)`` for each of ``clips``, in this order.

    ``fade_out`` and ``music_start`` are samples at ``music_rate``; each clip is a shot of its own.
    """
    starts = sorted(start for start, _ in clips)
    ends = dict(clips)
    positions: list[dict[str, Any]] = []
    record = 0
    for number, (start, end) in enumerate(clips):
        source, place = {"in": start, "out": end}, {"in": record, "out": record + end - start}
        positions.append({"id": f"p{number}", "shot": starts.index(start), "source": source, "record": place,
                          "confidence": 1.0, "round": 1})  # fmt: skip
        record += end - start
    heard = [music_start + round(frame / rate * music_rate) for frame in (0, *(p["record"]["out"] for p in positions))]
    text = format_fraction(rate)
    picture = {"rate": text, "frames": record, "width": size[0], "height": size[1]}
    plan = {
        "schema": SCHEMA,
        "film": {"path": "film", "sha256": "0" * 64, **picture, "frames": frames},
        "music": {
            "path": "music", "sha256": "1" * 64, "sample_rate": music_rate, "fade_out": fade_out,
            "part": {"in": heard[0], "out": heard[-1]},
        },
        "sequence": picture,
        "shots": [{"number": number, "in": start, "out": ends[start]} for number, start in enumerate(starts)],
        "segments": [{"in": start, "out": end} for start, end in pairwise(heard)],
        "positions": positions,
        "provenance": {"trailergen": "0", "seed": 0, "encoder": "none", "decoder": "none", "rounds": 1},
    }  # fmt: skip
    return parse_plan(json.dumps(plan))


def turn(path: Path, rotation: int, mirrored: bool = False) -> None:
    """Write the turn into the track header, where cameras put it (no ffmpeg option for it is in all versions)."""
    data = bytearray(path.read_bytes())
    header = data.index(b"tkhd") + 4
    # After version and flags: times, track, duration, layer, group and volume, then the matrix.
    matrix = header + 4 + (36 if data[header] == 0 else 48)
    a, b, c, d = (value << 16 for value in _MATRIX[rotation])
    a, b = (-a, -b) if mirrored else (a, b)
    data[matrix : matrix + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
