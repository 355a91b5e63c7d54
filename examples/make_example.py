"""Make the example film and its score: ``python examples/make_example.py`` (about four minutes on one core).

Everything is drawn and played by the modules in ``studio/``; nothing is downloaded and nothing is random
beyond fixed seeds. Needs numpy, Pillow and PyAV (whose wheels bring libx264, AAC and Opus). Three files are
written beside this script, each only when it is complete:

``film.mp4``
    640x360, 24 frames a second, H.264 (yuv420p, BT.709, closed groups of at most 48 pictures) and AAC stereo.
``score.ogg``
    Forty seconds of music, Opus stereo at 48 kHz.
``film.cuts.json``
    What is in them, exactly, as ground truth for tests::

        film, rate        the file, and "24/1": frames per second
        frames            length of the film in frames
        width, height     picture size in pixels
        shots             one entry per shot, in order:
          number            counted from 0
          name              what it is called in studio/film.py
          in, out           its frames, half-open; "in" is the middle of a dissolve, the dark turn of a fade
          place, figures    where it plays and who or what recurs in it
          kind              "picture", "logo", "title", "black" or "credits"
          transition_in     "cut", "dissolve" or "fade" (out to black, in from black, or both)
          transition        only for dissolves and fades: {"in", "out"}, the frames it takes. They lie on both
                            sides of the shot's own "in"
          near_duplicate_of only where it holds: number of an earlier shot with the same framing and place
        score             the music: "file", "seconds", "sample_rate" and "sections", each with its "name",
                          "start" and "end" in seconds, and "bpm"
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from studio import film, score, sound
from studio.brush import HEIGHT, WIDTH
from studio.shot import RATE as FRAME_RATE
from studio.synth import RATE as SAMPLE_RATE
from studio.synth import Samples

HERE = Path(__file__).resolve().parent
BT709 = 1  # the code of BT.709 for primaries, transfer and matrix alike


def cut_list() -> dict[str, Any]:
    """The contents of film.cuts.json (see the module's docstring)."""
    begin = film.starts()
    numbers = {shot.name: number for number, shot in enumerate(film.SHOTS)}
    shots = []
    for number, shot in enumerate(film.SHOTS):
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
        shots.append(entry)
    music = {
        "file": "score.ogg",
        "seconds": score.SECONDS,
        "sample_rate": SAMPLE_RATE,
        "sections": list(score.SECTIONS),
    }
    return {
        "film": "film.mp4",
        "rate": f"{FRAME_RATE}/1",
        "frames": begin[-1],
        "width": WIDTH,
        "height": HEIGHT,
        "shots": shots,
        "score": music,
    }


def audio_frames(samples: Samples, size: int) -> Iterator[av.AudioFrame]:
    """Float samples (n, 2) as planar frames of ``size`` samples with exact time stamps."""
    planes = np.ascontiguousarray(samples.T.astype(np.float32))
    for start in range(0, planes.shape[1], size):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes[:, start : start + size]), "fltp", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), start
        yield frame


def write_film(path: Path) -> None:
    """Paint, play and encode the film."""
    with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as output:
        options = {"crf": "30", "preset": "medium", "g": "48", "keyint_min": "12", "flags": "+cgop"}
        video = output.add_stream("libx264", rate=FRAME_RATE, options=options)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.time_base = Fraction(1, FRAME_RATE)
        codec = video.codec_context
        codec.thread_count = 1  # the same bytes on every machine
        codec.color_primaries = codec.color_trc = codec.colorspace = BT709
        codec.color_range = ColorRange.MPEG
        audio = output.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options={"b": "64k"})
        sounds = audio_frames(sound.soundtrack(), 1024)
        heard = 0
        for index, pixels in enumerate(film.pictures()):
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


def write_score(path: Path) -> None:
    """Play and encode the score."""
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as output:
        stream = output.add_stream("libopus", rate=SAMPLE_RATE, layout="stereo", options={"b": "96k"})
        for frame in audio_frames(score.score(), 960):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def make(folder: Path) -> None:
    """Write the three files into a folder, replacing older ones only when all are complete."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".example-") as work:
        write_score(Path(work) / "score.ogg")
        write_film(Path(work) / "film.mp4")
        (Path(work) / "film.cuts.json").write_text(json.dumps(cut_list(), indent=1) + "\n", encoding="utf-8")
        for name in ("score.ogg", "film.mp4", "film.cuts.json"):
            os.replace(Path(work) / name, folder / name)


if __name__ == "__main__":
    make(HERE)
