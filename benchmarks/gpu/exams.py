"""Examinations of trained models, in a process for each."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from benchmarks.gpu.simulated import Films, load
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.methods import SSMPMethod
from trailergen.evaluation.metrics import Scores, mean_scores, score
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.ssmp.model import SSMP

DECODERS = ("scheduled", "greedy", "paper")
TRAINED_ON = "trained on, scheduled"
_OF_TRAINED = 10
Exams = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Exam:
    """The work of one process: a checkpoint, which may have to be waited for, and the films.

    Attributes:
        checkpoint: of the model.
        films: what it learned from and those it has not seen.
        folder: where these lie.
        device: of torch.
        until: when it is over, as ``time.time()`` counts.
    """

    checkpoint: Path
    films: Films
    folder: Path
    device: str
    until: float

    @property
    def path(self) -> Path:
        """The findings, as JSON."""
        return self.folder / f"exam-{self.checkpoint.stem}.json"

    def known(self) -> Exams:
        """The findings so far, by decoder."""
        found: Exams = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}
        return found


def run_exam(exam: Exam) -> None:
    """Examine the model with each decoder, as many films as there is time for; keep what is found as it comes."""
    torch.set_num_threads(1)
    loaded = load(exam.films, exam.folder, exam.until)
    if exam.device == "cuda":
        torch.zeros(1, device="cuda")  # what takes long in a new process is done while there is nothing else to do
    while not exam.checkpoint.exists():
        if time.time() > exam.until:
            return
        time.sleep(0.1)
    model = load_checkpoint(exam.checkpoint, exam.device)[0]
    seen = [EvaluationCase.of(example) for example in loaded.examples[:_OF_TRAINED]]
    found: Exams = {}

    def keep(name: str, means: dict[str, float]) -> None:
        found[name] = means
        temporary = exam.path.with_suffix(".writing")
        temporary.write_text(json.dumps(found), encoding="utf-8")
        os.replace(temporary, exam.path)

    asked = [(TRAINED_ON, "scheduled", seen), *((name, name, loaded.cases) for name in DECODERS)]
    for number, (name, decoder, films) in enumerate(asked):
        share = (exam.until - time.time()) / (len(asked) - number)
        _evaluate(model, decoder, films, time.time() + share, lambda means, name=name: keep(name, means))  # type: ignore[misc]


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
