"""A made-up folder of features in the layout in which the authors of IPOT and MMSC publish theirs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

SHOTS, SEGMENTS = 40, 7


def published(root: Path, times: bool = True) -> Path:
    """Films 1, 2 and 10 to learn from, the second with two trailers, and 11 and 12 to evaluate on; music of all of
    them, and where asked for the times of the latter."""
    rng = np.random.default_rng(5)
    train, test = root / "training_dataset", root / "test_dataset"
    for name, trailers in {"1": ["1-0"], "2": ["2-0", "2-1"], "10": ["10-0"]}.items():
        film = _save(rng, train / "train_movie_shot_embs" / name, SHOTS)
        for trailer in trailers:
            _trailer(rng, train / "train_trailer_shot_embs" / trailer, film, 5)
            _save(rng, train / "train_audio_shot_embs" / trailer, 5, 16)
    segments = {}
    for name in ("11", "12"):
        film = _save(rng, test / "test_movie_shot_embs" / name, SHOTS)
        _trailer(rng, test / "test_trailer_shot_embs" / name, film, 6)
        _save(rng, test / "test_audio_shot_embs" / name, SEGMENTS, 16)
        segments[name] = (np.arange(1, SEGMENTS + 1) * 1.5).tolist()
        if times:
            rows = [{"timestamps": [_time(3 * shot), _time(3 * shot + 3)]} for shot in range(SHOTS)]
            path = test / "scene_test_movies" / f"{name}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps({"shot_meta_list": rows}), encoding="utf-8")
    if times:
        (test / "ruptures_audio_segmentation.json").write_text(json.dumps(segments), encoding="utf-8")
    return root


def _save(rng: np.random.Generator, path: Path, rows: int, length: int = 1024) -> np.ndarray:
    path.parent.mkdir(parents=True, exist_ok=True)
    found = rng.standard_normal((rows, length)).astype(np.float32)
    np.save(path.with_suffix(".npy"), found)
    return found


def _trailer(rng: np.random.Generator, path: Path, film: np.ndarray, shots: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    chosen = film[rng.permutation(len(film))[:shots]]
    np.save(path.with_suffix(".npy"), chosen + 0.3 * rng.standard_normal(chosen.shape).astype(np.float32))


def _time(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.000"
