"""TransNet V2 on the device against the CPU: the same shots; and how many frames a second."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.gpu.films import film, pictures
from benchmarks.gpu.limits import seconds
from benchmarks.gpu.networks import analysed, networks
from benchmarks.gpu.parts import Row, Setting
from trailergen.media.probe import probe_film
from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.detect import THUMB_HEIGHT, THUMB_WIDTH, TransitionDetector, load_transnet
from trailergen.shots.transnet_float32 import float32_stream

SIZE = 480, 270
CLOSE, EXACT = 0.02, 1e-3
"""Largest differences of a probability in single precision: as PyTorch has cuDNN multiply unless told not to, with the
ten bits of TF32; and with all bits."""


def same_boundaries(setting: Setting) -> list[Row]:
    """A film's shots by the whole analysis, and its probabilities by the network in single precision."""
    path = film(setting, setting.size(1500, 130), *SIZE)
    info = probe_film(path)
    ours, theirs = (analysed(info, device) for device in (setting.device, "cpu"))
    shots = [(shot.first, shot.last) for shot in ours.shots]
    same = shots == [(shot.first, shot.last) for shot in theirs.shots] and len(shots) > 2
    thumbs = np.stack(list(pictures(setting.size(1500, 130), THUMB_WIDTH, THUMB_HEIGHT)))
    expected = probabilities(thumbs, "cpu")
    rows = [_close("as the product computes", probabilities(thumbs, setting.device), expected, CLOSE)]
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    try:
        rows.append(_close("without TF32", probabilities(thumbs, setting.device), expected, EXACT))
    finally:
        torch.backends.cudnn.allow_tf32 = before
    whole = _apart(ours, theirs)
    return [
        Row("film's shots, CUDA and CPU", f"{len(shots)} and {len(theirs.shots)}", "the same", same),
        *rows,
        Row("the same of the whole analysis, whose CPU may count in bytes", f"{whole:.5f}", figures={"largest": whole}),
    ]


def _close(what: str, found: NDArray[np.float32], expected: NDArray[np.float32], tolerance: float) -> Row:
    apart, crossings = float(np.abs(found - expected).max()), int(((found > 0.5) != (expected > 0.5)).sum())
    return Row(
        f"largest difference of a probability, {what}",
        f"{apart:.5f}; {crossings} of {len(found)} frames on another side of 0.5",
        f"at most {tolerance:g}, none",
        apart <= tolerance and crossings == 0,
        {"largest": apart, "crossings": crossings},
    )


def speed(setting: Setting) -> list[Row]:
    """Frames a second of the network alone, and of decoding and network together."""
    count = setting.size(6000, 130)
    shown = np.stack(list(pictures(min(count, 1500), THUMB_WIDTH, THUMB_HEIGHT)))
    thumbs = np.concatenate([shown] * max(1, count // len(shown)))
    probabilities(thumbs[:300], setting.device)
    network = len(thumbs) / seconds(lambda: probabilities(thumbs, setting.device), setting.device)
    path = film(setting, setting.size(1500, 130), *SIZE)
    info, loaded = probe_film(path), networks(setting.device)
    taken = seconds(lambda: analysed(info, setting.device, loaded), setting.device)
    whole = setting.size(1500, 130) / taken
    figures = {"network": network, "analysis": whole}
    return [
        Row("TransNet V2", f"{network:.0f} frames/s", figures=figures),
        Row(f"analysis of a {SIZE[0]} x {SIZE[1]} film, decoded on the CPU", f"{whole:.0f} frames/s"),
    ]


def probabilities(thumbs: NDArray[np.uint8], device: str, push: int = 64) -> NDArray[np.float32]:
    """Of thumbnails (n, 27, 48, 3), in single precision, fed as a film is."""
    model = load_transnet(device)
    with closing(TransitionDetector(float32_stream(model), lambda: float32_stream(model), device)) as detector:
        found: Sequence[NDArray[np.float32]] = [
            detector.push(thumbs[start : start + push]) for start in range(0, len(thumbs), push)
        ]
        return np.concatenate([*found, detector.finish()])


def _apart(ours: FilmAnalysis, theirs: FilmAnalysis) -> float:
    return float(np.abs(ours.probabilities - theirs.probabilities).max())
