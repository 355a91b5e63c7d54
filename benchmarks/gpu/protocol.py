"""The paper's ablations on simulated films of feature size, for as long as there is time.

Table 3 (how the share of hidden positions goes), Table 6 (the loss) and Table 5 (the decoders): SSMP of width 256,
4 layers, on 300 films of the simulated benchmark (``trailergen/evaluation/simulated``, of about 1,000 shots, with about
46 positions); every training in a process of its own, all of them on one card at once, and all with the same number of
steps, which a common pilot sets. Examined on 40 films that none has seen. The simulator is the project's own: nothing
here says how well SSMP does on real trailers.
"""

from __future__ import annotations

import json
import os
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from benchmarks.gpu.job import BATCH, DECODERS, Timetable, TrainingJob, run_job
from benchmarks.gpu.parts import Row, Setting
from benchmarks.gpu.simulated import LoadedFilms, films_of, load
from benchmarks.gpu.training import NO_GRAPHS
from benchmarks.paper.ablations import Ablation
from trailergen.evaluation.baselines.random import RandomChoice
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.metrics import mean_scores, score
from trailergen.evaluation.simulated.version import BENCHMARK_VERSION

TRAININGS = {
    "self-paced": (Ablation(), 0),
    "increased": (Ablation("increased"), 0),
    "decreased": (Ablation("decreased"), 0),
    "random": (Ablation("random"), 0),
    "mse": (Ablation(loss="mse"), 0),
    "self-paced-again": (Ablation(), 1),
}
_MOST_STEPS = 30_000
_EXAMINATION_S = 50.0
_FIRST_CHECKPOINTS = 5


def protocol(setting: Setting) -> list[Row]:
    """All trainings side by side; a row for each, and one for each decoder."""
    os.environ["OMP_NUM_THREADS"] = "1"  # of each of the processes
    films = films_of(setting.tiny)
    known_films = load(films, setting.folder, setting.until - setting.size(60, 5))
    names = list(TRAININGS)[: setting.size(len(TRAININGS), 2)]
    jobs = [
        TrainingJob(
            name,
            *TRAININGS[name],
            films,
            setting.folder,
            setting.device,
            setting.device == "cuda" and not (setting.folder / NO_GRAPHS).exists(),
            setting.size(6, 1),
            setting.keep if number < _FIRST_CHECKPOINTS else None,
        )
        for number, name in enumerate(names)
    ]
    for job in jobs:
        job.path.unlink(missing_ok=True)
    context = get_context("spawn")
    barrier = context.Barrier(len(jobs))
    processes: dict[Connection, Any] = {}
    for job in jobs:
        ours, theirs = context.Pipe()
        process = context.Process(target=run_job, args=(job, theirs, barrier))
        process.start()
        theirs.close()
        processes[ours] = process
    try:
        timetable = _timetable(setting, list(processes))
        for process in processes.values():
            process.join(max(0.0, setting.until - 1 - time.time()))
    finally:
        for process in processes.values():
            process.kill()
    known = [_known(job) for job in jobs]
    if not any("done" in one for one in known):
        raise RuntimeError("no job came to anything; what they said is in the output")
    return [*_rows(known, timetable), _chance(known_films.cases), *_ceilings(known_films)]


def _timetable(setting: Setting, jobs: list[Connection]) -> Timetable:
    """The number of steps that the slowest job can make."""
    waiting, times, by = list(jobs), dict[Connection, float](), min(setting.until, time.time() + 120)
    while waiting and time.time() < by:
        for job in cast(list[Connection], wait(waiting, max(0.0, by - time.time()))):
            waiting.remove(job)
            try:
                times[job] = job.recv()
            except EOFError:
                continue
    if not times:
        raise RuntimeError("no job came as far as its first steps")
    examined = setting.until - setting.size(4, 1)
    left = examined - time.time()
    trained = examined - min(_EXAMINATION_S, left / 3)
    # A little less than there is time for: the learning rate is to come down to nothing.
    steps = int(0.92 * (trained - time.time() - setting.size(5, 0)) / max(times.values()))
    timetable = Timetable(max(1, min(steps, setting.size(_MOST_STEPS, 40))), trained, examined)
    for job in times:
        job.send(timetable)
    print(f"protocol: {timetable.steps} steps of {max(times.values()) * 1000:.1f} ms", flush=True)
    return timetable


def _known(job: TrainingJob) -> dict[str, Any]:
    if not job.path.exists():
        return {"name": job.name}
    known: dict[str, Any] = json.loads(job.path.read_text(encoding="utf-8"))
    return known


def _rows(jobs: list[dict[str, Any]], timetable: Timetable) -> list[Row]:
    rows = []
    for known in jobs:
        if "done" not in known:
            rows.append(Row(f"{known['name']}: trained", "nothing is known of it"))
            continue
        steps = f"{known['done']} of {timetable.steps} steps of {BATCH} films"
        reached = f", .95 at step {known['reached_at']}" if known["reached_at"] else ""
        trained = (
            f"{steps}, {known['seconds']:.0f} s; accuracy {known['accuracy']:.3f}{reached}, t {known['ratio']:.2f}"
        )
        rows.append(Row(f"{known['name']}: trained", trained, figures=known))
        for decoder in ("trained on, scheduled", *DECODERS):
            if found := known["exams"].get(decoder):
                rows.append(Row(f"{known['name']}: {decoder}", _scores(found)))
    return rows


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
