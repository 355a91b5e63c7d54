"""The Python API: the same results as the command line, typed, and the process as it was."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import trailergen as tg
from trailergen.errors import InputError, OutputError, UsageError

Cli = Callable[..., int]


@pytest.fixture
def session(shared_cache: Path) -> tg.Session:
    return tg.Session(shared_cache)


def test_make_gives_the_plan_of_the_command_line(
    cli: Cli, examples: Path, shared_cache: Path, tmp_path: Path, session: tg.Session
) -> None:
    film, score = examples / "film.mp4", examples / "score.ogg"
    options = ["--length", "12", "--title", "A\\nB", "--ban", "0:00-0:05", "--crf", "40", "--preset", "ultrafast"]
    assert cli("make", film, "-m", score, *options, "--cache-dir", shared_cache, "-o", "cli.mp4") == 0
    seen: list[str] = []
    session = tg.Session(shared_cache, on_progress=lambda stage, done, total: seen.append(stage))
    made = tg.make(
        film, str(score), tmp_path / "api.mp4", session=session, length=12, title="A\nB", ban=["0:00-0:05"],
        crf=40, preset="ultrafast",
    )  # fmt: skip
    assert made.plan_path.read_bytes() == (tmp_path / "cli.plan.json").read_bytes()
    assert made.plan == tg.read_plan(made.plan_path)
    assert made.trailer.read_bytes() == (tmp_path / "cli.mp4").read_bytes()
    assert made.storyboard.is_file() and {"plan", "render", "verify"} <= set(seen)
    # A second time there is nothing to do; with other settings the plan that is there is not replaced unasked.
    stamp = made.trailer.stat().st_mtime_ns
    again = tg.make(film, score, made.trailer, session=session, settings=tg.Settings.of(
        length=12, title="A\nB", ban="0:00-0:05", crf=40, preset="ultrafast"
    ))  # fmt: skip
    assert again == made and made.trailer.stat().st_mtime_ns == stamp
    with pytest.raises(OutputError, match="exists and is"):
        tg.make(film, score, made.trailer, session=session, length=14)


def test_every_stage_can_be_called(
    examples: Path, session: tg.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    film, score = examples / "film.mp4", examples / "score.ogg"
    shots = tg.detect_shots(film, session=session).shots
    assert tg.extract_features(film, encoder="builtin", session=session).shape[0] == len(shots)
    assert len(tg.read_shots(film, session=session).subject) == len(shots)
    segments = len(tg.segment_music(score, length=12, session=session).boundaries) - 1
    plan = tg.plan(film, score, length=12, session=session)
    assert len(plan.positions) >= segments  # long ones are cut where the film has no shot of that length
    path = tg.write_plan(plan, "cut.plan.json")
    assert tg.write_plan(plan, path) == path and tg.read_plan(path) == plan
    assert [score.rank >= 1 for score in tg.score(path, session=session)] == [True] * len(plan.positions)
    assert tg.render(path, session=session, crf=40, preset="ultrafast") == Path("cut.mp4")
    assert tg.storyboard(path, session=session) == Path("cut.html")
    assert tg.export(path, "edl").path == Path("cut.edl") and tg.export(plan, "otio").path == Path("film-trailer.otio")
    revised = tg.revise(plan, session=session, loudness=-16, seed=5)
    assert [position.shot for position in revised.positions] == [position.shot for position in plan.positions]


def test_errors_are_exceptions(tmp_path: Path, session: tg.Session, examples: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        tg.make(tmp_path / "none.mp4", tmp_path / "none.wav", tmp_path / "t.mp4", session=session)
    with pytest.raises(UsageError, match="no setting 'lenght'"):
        tg.plan("film.mp4", "track.wav", lenght=3)
    with pytest.raises(tg.TrailergenError, match=r"must end in \.mp4"):
        tg.make(examples / "film.mp4", examples / "score.ogg", tmp_path / "t.avi", session=session)
    assert list(tmp_path.iterdir()) == []


OF_LIBRARIES = {"KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK", "TORCHINDUCTOR_CACHE_DIR"}
"""Variables that scikit-learn and torch set for themselves when they are first used."""


def test_the_process_is_as_it_was(examples: Path, short_film: Path, tmp_path: Path) -> None:
    """With a cache of its own: the networks are built and the film is decoded."""

    def state() -> tuple[object, ...]:
        mask = os.umask(0o022)
        os.umask(mask)
        return (
            mask,
            {name: value for name, value in os.environ.items() if name not in OF_LIBRARIES},
            signal.getsignal(signal.SIGINT),
            signal.getsignal(signal.SIGTERM),
            torch.get_num_threads(),
            torch.are_deterministic_algorithms_enabled(),
            torch.get_rng_state().tolist(),
            random.getstate(),
            json.dumps(np.random.get_state(), default=str),
            os.getcwd(),
            threading.active_count(),
        )

    torch.set_num_threads(2)
    before = state()
    tg.plan(short_film, examples / "score.ogg", length=8, session=tg.Session(tmp_path / "c", threads=1))
    assert state() == before
