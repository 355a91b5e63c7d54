"""The paper's ablations on simulated films of feature size, for as long as there is time.

Table 3 (how the share of hidden positions goes), Table 6 (the loss) and Table 5 (the decoders): SSMP of width 256,
4 layers, on films of the simulated benchmark (``trailergen/evaluation/simulated``, about 1,000 shots and 46 positions),
all trainings side by side on one card and with the same number of steps, which a common pilot sets. They are examined
on films that none has seen. So few films are learned from that they are seen more than a thousand times: the
paper paces itself by an accuracy of 0.95 and more. The simulator is the project's own: nothing here says how well SSMP
does on real trailers.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.gpu.exams import DECODERS, TRAINED_ON, Exam, Exams, run_exam
from benchmarks.gpu.parts import Row, Setting
from benchmarks.gpu.simulated import LoadedFilms, films_of, load
from benchmarks.gpu.training import NO_GRAPHS
from benchmarks.gpu.trainings import BATCH, SideBySide, Training, one_thread
from benchmarks.paper.ablations import Ablation
from trailergen.evaluation.baselines.random import RandomChoice
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.metrics import mean_scores, score
from trailergen.evaluation.simulated.version import BENCHMARK_VERSION
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.training.batches import Example

TRAININGS = (
    Training("self-paced", Ablation()),
    Training("random", Ablation("random")),
    Training("mse", Ablation(loss="mse")),
    Training("increased", Ablation("increased")),
    Training("decreased", Ablation("decreased")),
    Training("self-paced-again", Ablation(), 1),
    Training("random-again", Ablation("random"), 1),
    Training("mse-again", Ablation(loss="mse"), 1),
)
_MOST_STEPS = 60_000
_EXAMINATION_S = 75.0
_EARLY_S = 25.0
"""A process that examines is begun so long before there is anything to examine."""
_KEPT = 5
"""Checkpoints that are kept."""


def protocol(setting: Setting) -> list[Row]:
    """All trainings side by side; a row for each, and one for each decoder."""
    os.environ["OMP_NUM_THREADS"] = "1"  # of each of the processes
    one_thread()
    films = films_of(setting.tiny)
    loaded = load(films, setting.folder, setting.until - setting.size(60, 5))
    examples = loaded.examples
    trainings = TRAININGS[: setting.size(len(TRAININGS), 2)]
    graphed = setting.device == "cuda" and not (setting.folder / NO_GRAPHS).exists()
    place, step = _measured(trainings, examples, setting.device, graphed, setting.size(6, 1))
    over = setting.until - setting.size(4, 1)
    trained = over - min(_EXAMINATION_S, (over - time.time()) / 3)
    # A little less than there is time for: the learning rate is to come down to nothing.
    steps = int(0.94 * (trained - time.time() - setting.size(8, 0)) / step)
    steps = max(1, min(steps, setting.size(_MOST_STEPS, 40)))
    print(f"protocol: {steps} steps of {step * 1000:.1f} ms for {len(trainings)} trainings", flush=True)

    exams = [
        Exam(_checkpoint(setting, number, training.name), films, setting.folder, setting.device, over)
        for number, training in enumerate(trainings)
    ]
    for exam in exams:
        exam.path.unlink(missing_ok=True)
        exam.checkpoint.unlink(missing_ok=True)
    curves: dict[str, dict[str, Any]] = {}
    processes: list[Any] = []

    def tell(training: Training, found: dict[str, Any]) -> None:
        curves[training.name] = found
        (setting.folder / "curves.json").write_text(json.dumps(curves), encoding="utf-8")
        if not processes and (time.time() > trained - _EARLY_S or found["done"] == found["steps"]):
            processes.extend(get_context("spawn").Process(target=run_exam, args=(exam,)) for exam in exams)
            for process in processes:
                process.start()

    try:
        states = place.train(steps, trained, tell)
        for state, exam in zip(states, exams, strict=True):
            save_checkpoint(exam.checkpoint, state.model.eval(), "simulated", {"name": exam.checkpoint.stem})
        for process in processes:
            process.join(max(0.0, setting.until - 1 - time.time()))
    finally:
        for process in processes:
            process.kill()
    rows = [row for exam in exams for row in _rows(exam.checkpoint.stem, curves[exam.checkpoint.stem], exam.known())]
    return [*rows, _chance(loaded.cases), *_ceilings(loaded)]


def _measured(
    trainings: Sequence[Training], examples: Sequence[Example], device: str, graphed: bool, pilot: float
) -> tuple[SideBySide, float]:
    """The trainings and the seconds of their common step: compiled where steps can be captured and it can be done."""
    if graphed:
        compiled = SideBySide(trainings, examples, device, graphed, compile=True)
        try:
            return compiled, compiled.seconds(pilot)
        except Exception as error:  # the compiler fails in many ways, and there is a way without it
            print(f"protocol: not compiled: {error!r:.300}", flush=True)
    plain = SideBySide(trainings, examples, device, graphed)
    return plain, plain.seconds(pilot)


def _checkpoint(setting: Setting, number: int, name: str) -> Path:
    return (setting.keep if number < _KEPT else setting.folder) / f"{name}.safetensors"


def _rows(name: str, curves: dict[str, Any], exams: Exams) -> list[Row]:
    reached = f", .95 at step {curves['reached_at']}" if curves["reached_at"] else ""
    made = (
        f"{curves['done']} of {curves['steps']} steps of {BATCH} films of {curves['films']}, {curves['seconds']:.0f} s"
    )
    trained = f"{made}; accuracy {curves['accuracy']:.3f}{reached}, t {curves['ratio']:.2f}"
    rows = [Row(f"{name}: trained", trained, figures={"name": name, **curves, "exams": exams})]
    return rows + [Row(f"{name}: {one}", _scores(exams[one])) for one in (TRAINED_ON, *DECODERS) if one in exams]


def _chance(cases: list[EvaluationCase]) -> Row:
    """The scores of as many shots drawn at random."""
    method = RandomChoice()
    scores = [score(method.trailer(case.film, number), case.official) for number, case in enumerate(cases)]
    means = mean_scores(scores)
    return Row("random shots", _scores({**vars(means), "films": len(cases), "passes": 0.0, "seconds": 0.0}))


def _ceilings(films: LoadedFilms) -> list[Row]:
    """The scores of the two oracles, which know the editor's rules."""
    found = {"perfect sampler": films.ceilings.sampler, "most frequent shots": films.ceilings.frequent}
    none = {"films": len(films.cases), "passes": 0.0, "seconds": 0.0}
    version = f"benchmark version {BENCHMARK_VERSION}"
    return [Row(f"{name}, {version}", _scores({**vars(scores), **none})) for name, scores in found.items()]


def _scores(found: dict[str, float]) -> str:
    f1 = " / ".join(f"{found[name]:.3f}" for name in ("f1", "f1_at_1", "f1_at_2"))
    made = f"{found['passes']:.0f} passes, {found['seconds']:.2f} s a film, {found['films']} films"
    return f"F1 {f1} (R = 0, 1, 2), LD {found['ld']:.1f}, AA {found['aa']:.3f}; {made}"
