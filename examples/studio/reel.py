"""A finished film on disk: its cut list, its pictures and sound encoded, and a piece of music."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from studio.brush import HEIGHT, WIDTH
from studio.projector import pictures, starts
from studio.shot import RATE as FRAME_RATE
from studio.shot import Shot
from studio.synth import RATE as SAMPLE_RATE
from studio.synth import Samples

BT709 = 1  # the code of BT.709 for primaries, transfer and matrix alike


def cut_list(film: str, shots: Sequence[Shot], music: dict[str, Any]) -> dict[str, Any]:
    """What is in the film of that file name, and ``music`` as its score (see ../make_example.py)."""
    begin = starts(shots)
    numbers = {shot.name: number for number, shot in enumerate(shots)}
    entries = []
    for number, shot in enumerate(shots):
        kind, before, after = shot.transition
        entry: dict[str, Any] = {
            "number": number,
            "name": shot.name,
            "in": begin[number],
            "out": begin[number + 1],
            "place": shot.place,
            "figures": list(shot.figures),
            "kind": shot.kind,
            "transition_in": kind,
        }
        if kind != "cut":
            entry["transition"] = {"in": begin[number] - before, "out": begin[number] + after}
        if shot.again is not None:
            entry["near_duplicate_of"] = numbers[shot.again]
        entries.append(entry)
    return {
        "film": film,
        "rate": f"{FRAME_RATE}/1",
        "frames": begin[-1],
        "width": WIDTH,
        "height": HEIGHT,
        "shots": entries,
        "score": music,
    }


def audio_frames(samples: Samples, size: int) -> Iterator[av.AudioFrame]:
    """Float samples (n, 2) as planar frames of ``size`` samples with exact time stamps."""
    planes = np.ascontiguousarray(samples.T.astype(np.float32))
    for start in range(0, planes.shape[1], size):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes[:, start : start + size]), "fltp", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), start
        yield frame


def write_film(path: Path, shots: Sequence[Shot], samples: Samples, crf: int = 30) -> None:
    """Paint the shots and encode them with their sound (samples, 2)."""
    with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as output:
        options = {"crf": str(crf), "preset": "medium", "g": "48", "keyint_min": "12", "flags": "+cgop"}
        video = output.add_stream("libx264", rate=FRAME_RATE, options=options)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.time_base = Fraction(1, FRAME_RATE)
        codec = video.codec_context
        codec.thread_count = 1  # the same bytes on every machine
        codec.color_primaries = codec.color_trc = codec.colorspace = BT709
        codec.color_range = ColorRange.MPEG
        audio = output.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options={"b": "64k"})
        sounds = audio_frames(samples, 1024)
        heard = 0
        for index, pixels in enumerate(pictures(shots)):
            picture = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            picture.pts, picture.time_base = index, Fraction(1, FRAME_RATE)
            output.mux(video.encode(picture))
            while heard * FRAME_RATE < (index + 1) * SAMPLE_RATE and (frame := next(sounds, None)) is not None:
                heard += frame.samples
                output.mux(audio.encode(frame))
        output.mux(video.encode(None))
        output.mux(audio.encode(None))


def write_score(path: Path, samples: Samples, bitrate: str = "96k") -> None:
    """Encode a piece of music (samples, 2)."""
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as output:
        stream = output.add_stream("libopus", rate=SAMPLE_RATE, layout="stereo", options={"b": bitrate})
        for frame in audio_frames(samples, 960):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def make(folder: Path, files: dict[str, Callable[[Path], None]]) -> None:
    """Write files by what writes each into a folder, replacing older ones only when all are complete."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".example-") as work:
        for name, write in files.items():
            write(Path(work) / name)
        for name in files:
            os.replace(Path(work) / name, folder / name)


def write_cut_list(path: Path, contents: dict[str, Any]) -> None:
    """Write a cut list as JSON."""
    path.write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8")
