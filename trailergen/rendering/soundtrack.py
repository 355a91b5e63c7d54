"""The encoded sound of a trailer: encoded once and kept by content, as the segments of its pictures are."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from trailergen.audio.mix import mix_facts
from trailergen.errors import OutputError
from trailergen.media.ffmpeg import file_url
from trailergen.plans import SAMPLE_RATE, Plan
from trailergen.rendering.checksums import write_checksum
from trailergen.rendering.segments import StoppedError
from trailergen.runtime.cache import discard_folder
from trailergen.settings.render import RenderSettings

SOUND_VERSION = 2
"""Part of every soundtrack's name: raise it when the same plan would be mixed, encoded or verified differently."""
_FRAME = 1024
"""Samples of a frame of AAC."""


def soundtrack_path(plan: Plan, settings: RenderSettings, work: Path) -> Path:
    """The path of the sound of a plan: its name is a hash of everything that is heard."""
    kind = settings.kind
    parts = [SOUND_VERSION, av.library_versions, kind.container, kind.sound, kind.bit_rate, mix_facts(plan)]
    return work / f"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}.sound{kind.suffix}"


def encode_soundtrack(
    samples: NDArray[np.float32], path: Path, settings: RenderSettings, stop: threading.Event
) -> None:
    """Encode a trailer's sound into an mp4 or a mov without pictures.

    Args:
        samples: (samples, 2) at 48 kHz.
        path: of ``soundtrack_path``, in an existing folder.
        settings: of the trailer.
        stop: ends the work before its time, with StoppedError.

    Raises:
        OutputError: the file cannot be written.
    """
    part, kind = path.with_suffix(".part"), settings.kind
    try:
        try:
            with av.open(file_url(part), "w", format=kind.container) as container:
                track = container.add_stream(kind.sound, rate=SAMPLE_RATE, layout="stereo")
                if kind.bit_rate:
                    track.bit_rate = kind.bit_rate
                for frame in _frames(samples):
                    if stop.is_set():
                        raise StoppedError
                    container.mux(track.encode(frame))
                container.mux(track.encode(None))
        except (OSError, av.error.FFmpegError) as error:
            raise OutputError(f"cannot write {part}", error.strerror, "check the free space and the rights") from error
        discard_folder(path)
        os.replace(part, path)
        write_checksum(path)
    finally:
        part.unlink(missing_ok=True)


def _frames(samples: NDArray[np.float32]) -> Iterator[AudioFrame]:
    for start in range(0, len(samples), _FRAME):
        planes = np.ascontiguousarray(samples[start : start + _FRAME].T)
        frame = AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        yield frame
