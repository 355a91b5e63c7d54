"""One training of the protocol, in a process of its own: a pilot, the training, the examination.

What is known is written to ``job-NAME.json`` again and again, so that it is there whenever the process is ended.
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
from benchmarks.paper.ablations import Ablation
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.methods import SSMPMethod
from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.config import TrainConfig
from trailergen.training.loop import TrainState

BATCH = 5
LEARNING_RATE = 1e-3
REACHED = 0.95
"""The paper trains until this share of the hidden positions is right."""
DECODERS = ("paper", "scheduled", "greedy")
_WINDOW = 50
"""Steps over which curves are averaged before they are kept."""
_EXAMINED_OF_TRAINED = 10


@dataclass(frozen=True)
class TrainingJob:
    """The work of one process.

    Attributes:
        name: of the job.
        ablation: the schedule and the loss.
        seed: of the weights, the masks and the order of the films.
        films: what on.
        folder: where these lie, and what is known is written.
        device: of torch.
        graphed: capture the step in a CUDA graph.
        pilot: seconds of trying out how long a step takes.
        keep: where the checkpoint goes, if anywhere.
    """

    name: str
    ablation: Ablation
    seed: int
    films: Films
    folder: Path
    device: str
    graphed: bool
    pilot: float
    keep: Path | None

    @property
    def path(self) -> Path:
        return self.folder / f"job-{self.name}.json"

    def config(self, steps: int) -> TrainConfig:
        """The paper's training at a quarter of its width, with the logits' scale of the results page."""
        width = self.films.width
        model = ModelConfig(width, width, 4, 4, 2 * width, logit_scale=10.0)
        schedule = self.ablation.mask_schedule(steps, self.seed)
        return TrainConfig(model, steps, LEARNING_RATE, loss=self.ablation.loss, schedule=schedule, seed=self.seed)


@dataclass(frozen=True)
class Timetable:
    """``steps`` to be made, the training to be over at ``trained`` and all at ``examined``, as time.time() counts."""

    steps: int
    trained: float
    examined: float


def run_job(job: TrainingJob, parent: Connection, barrier: Any) -> None:
    """Do the whole job: send the seconds a step takes, get the timetable, train, be examined."""
    torch.set_num_threads(2 if job.graphed else 1)
    loaded = load(job.films, job.folder, time.time() + 60)
    examples, cases = loaded.examples, loaded.cases

    def resident(steps: int) -> Resident:
        config = job.config(steps)
        return Resident(config, examples, BATCH, job.device, graphed=job.graphed)

    trial = resident(10_000)
    # All at once, as they will be later; without those that do not come.
    with suppress(BrokenBarrierError):
        barrier.wait(30)
    started, made = time.perf_counter(), 0
    while time.perf_counter() - started < job.pilot:
        trial.step(_chosen(job, len(examples), made))
        made += 1
    parent.send((time.perf_counter() - started) / made)
    del trial
    timetable: Timetable = parent.recv()

    known: dict[str, Any] = {"name": job.name, "steps": timetable.steps, "films": len(examples), "exams": {}}
    started = time.time()
    training = resident(timetable.steps)

    def tell() -> None:
        known.update(_curves(training.state), seconds=time.time() - started)
        _write(job.path, known)

    for number in range(timetable.steps):
        if number % _WINDOW == 0 and time.time() > timetable.trained:
            break
        training.step(_chosen(job, len(examples), number))
        if number % 500 == 499:
            tell()
    tell()
    model = training.state.model.eval()
    if job.keep is not None:
        save_checkpoint(job.keep / f"{job.name}.safetensors", model, "simulated", {"name": job.name})
    seen = [EvaluationCase.of(example) for example in examples[:_EXAMINED_OF_TRAINED]]
    examinations = [("trained on, scheduled", "scheduled", seen), *((name, name, cases) for name in DECODERS)]
    for number, (what, decoder, asked) in enumerate(examinations):
        left = timetable.examined - time.time()
        _evaluate(model, decoder, asked, time.time() + left / (len(examinations) - number), _keeper(job, known, what))
    known["finished"] = True
    _write(job.path, known)


def _keeper(job: TrainingJob, known: dict[str, Any], what: str) -> Callable[[dict[str, float]], None]:
    def keep(found: dict[str, float]) -> None:
        known["exams"][what] = found
        _write(job.path, known)

    return keep


def _evaluate(
    model: SSMP, decoder: str, cases: Sequence[EvaluationCase], until: float, keep: Callable[[dict[str, float]], None]
) -> None:
    """Mean scores over as many films as the time allows, and the forward passes of one."""
    method, found = SSMPMethod(model, decoder), list[Scores]()
    started = time.time()
    for number, case in enumerate(cases):
        if time.time() > until:
            break
        trailer = method.trailer(case.film, number)
        found.append(score(trailer, case.official))
    if found:
        means = asdict(mean_scores(found))
        passes = sum(method.passes) / len(found)
        keep({**means, "films": len(found), "passes": passes, "seconds": (time.time() - started) / len(found)})


def _chosen(job: TrainingJob, films: int, step: int) -> list[int]:
    """The films of a step: all of them once in every epoch, each time in another order."""
    epoch, number = divmod(step, max(1, films // BATCH))
    order = np.random.default_rng((job.seed, epoch)).permutation(films)
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
