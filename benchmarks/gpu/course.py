"""One training of the protocol, in a process of its own: a pilot, the training, the examination.

What is known is written to ``course-NAME.json`` again and again, so that it is there whenever the process is ended.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any

import numpy as np
import torch

from benchmarks.gpu.resident import Resident
from benchmarks.gpu.simulated import Films, load
from benchmarks.paper.cells import Training
from trailergen.evaluation.experiment import Exam
from trailergen.evaluation.method import Trained
from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.loop import TrainConfig, TrainState

BATCH = 5
LEARNING_RATE = 1e-3
REACHED = 0.95
"""The paper trains until this share of the hidden positions is right."""
DECODERS = ("paper", "scheduled", "greedy")
_WINDOW = 50
"""Steps over which curves are averaged before they are kept."""
_EXAMINED_OF_TRAINED = 10


@dataclass(frozen=True)
class Course:
    """What one process does.

    Attributes:
        name: of the course.
        training: the schedule and the loss.
        seed: of the weights, the masks and the order of the films.
        films: what on.
        folder: where these lie, and what is known is written.
        device: of torch.
        graphed: capture the step in a CUDA graph.
        pilot: seconds of trying out how long a step takes.
        keep: where the checkpoint goes, if anywhere.
    """

    name: str
    training: Training
    seed: int
    films: Films
    folder: Path
    device: str
    graphed: bool
    pilot: float
    keep: Path | None

    @property
    def path(self) -> Path:
        return self.folder / f"course-{self.name}.json"

    def config(self, steps: int) -> TrainConfig:
        """The paper's training at a quarter of its width, with the logits' scale of the results page."""
        width = self.films.width
        model = ModelConfig(width, width, 4, 4, 2 * width, logit_scale=10.0)
        schedule = self.training.paced(steps, self.seed)
        return TrainConfig(model, steps, LEARNING_RATE, loss=self.training.loss, schedule=schedule, seed=self.seed)


@dataclass(frozen=True)
class Timetable:
    """``steps`` to be made, the training to be over at ``trained`` and all at ``examined``, as time.time() counts."""

    steps: int
    trained: float
    examined: float


def attend(course: Course, parent: Connection, barrier: Any) -> None:
    """Do the whole course: send the seconds a step takes, get the timetable, train, be examined."""
    torch.set_num_threads(2 if course.graphed else 1)
    examples, exams = load(course.films, course.folder, time.time() + 60)

    def resident(steps: int) -> Resident:
        config = course.config(steps)
        return Resident(config, examples, BATCH, course.device, graphed=course.graphed)

    trial = resident(10_000)
    # All at once, as they will be later; without those that do not come.
    with suppress(BrokenBarrierError):
        barrier.wait(30)
    started, made = time.perf_counter(), 0
    while time.perf_counter() - started < course.pilot:
        trial.step(_chosen(course, len(examples), made))
        made += 1
    parent.send((time.perf_counter() - started) / made)
    del trial
    timetable: Timetable = parent.recv()

    known: dict[str, Any] = {"name": course.name, "steps": timetable.steps, "films": len(examples), "exams": {}}
    started = time.time()
    training = resident(timetable.steps)

    def tell() -> None:
        known.update(_curves(training.state), seconds=time.time() - started)
        _write(course.path, known)

    for number in range(timetable.steps):
        if number % _WINDOW == 0 and time.time() > timetable.trained:
            break
        training.step(_chosen(course, len(examples), number))
        if number % 500 == 499:
            tell()
    tell()
    model = training.state.model.eval()
    if course.keep is not None:
        save_checkpoint(course.keep / f"{course.name}.safetensors", model, "simulated", {"name": course.name})
    seen = [Exam.of(example) for example in examples[:_EXAMINED_OF_TRAINED]]
    examinations = [("trained on, scheduled", "scheduled", seen), *((name, name, exams) for name in DECODERS)]
    for number, (what, decoder, asked) in enumerate(examinations):
        left = timetable.examined - time.time()
        _examine(model, decoder, asked, time.time() + left / (len(examinations) - number), _keeper(course, known, what))
    known["finished"] = True
    _write(course.path, known)


def _keeper(course: Course, known: dict[str, Any], what: str) -> Callable[[dict[str, float]], None]:
    def keep(found: dict[str, float]) -> None:
        known["exams"][what] = found
        _write(course.path, known)

    return keep


def _examine(
    model: SSMP, decoder: str, exams: Sequence[Exam], until: float, keep: Callable[[dict[str, float]], None]
) -> None:
    """Mean scores over as many films as the time allows, and the forward passes of one."""
    method, found = Trained(model, decoder), list[Scores]()
    started = time.time()
    for number, exam in enumerate(exams):
        if time.time() > until:
            break
        trailer = method.trailer(exam.film, len(exam.official), number)
        found.append(score(trailer, exam.official))
    if found:
        means = asdict(mean_scores(found))
        passes = sum(method.passes) / len(found)
        keep({**means, "films": len(found), "passes": passes, "seconds": (time.time() - started) / len(found)})


def _chosen(course: Course, films: int, step: int) -> list[int]:
    """The films of a step: all of them once in every epoch, each time in another order."""
    epoch, number = divmod(step, max(1, films // BATCH))
    order = np.random.default_rng((course.seed, epoch)).permutation(films)
    return [int(film) for film in order[number * BATCH : (number + 1) * BATCH]]


def _curves(state: TrainState) -> dict[str, Any]:
    """Means over every so many steps, and where the accuracy first was high enough."""
    curves = {name: np.array(values) for name, values in vars(state.curves).items()}
    whole = len(curves["loss"]) // _WINDOW * _WINDOW
    means = {name: values[:whole].reshape(-1, _WINDOW).mean(1) for name, values in curves.items()}
    reached = np.flatnonzero(means["accuracy"] >= REACHED)
    return {
        "done": len(curves["loss"]),
        "accuracy": float(curves["accuracy"][-100:].mean()) if len(curves["loss"]) else 0.0,
        "ratio": float(curves["ratio"][-1]) if len(curves["loss"]) else 0.0,
        "reached_at": int(reached[0] + 1) * _WINDOW if len(reached) else None,
        "window": _WINDOW,
        "curves": {name: [round(float(value), 4) for value in values] for name, values in means.items()},
    }


def _write(path: Path, known: dict[str, Any]) -> None:
    temporary = path.with_suffix(".writing")
    temporary.write_text(json.dumps(known), encoding="utf-8")
    os.replace(temporary, path)
