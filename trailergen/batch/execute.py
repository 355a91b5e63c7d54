"""The films of a batch handed to workers or a cluster, each with its part of the machine."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from trailergen.batch.job import FOLDER, Job, Outcome
from trailergen.batch.run import Executor, run_batch
from trailergen.errors import OutputError
from trailergen.runtime.progress import Progress
from trailergen.runtime.telling import Films
from trailergen.runtime.threads import cores
from trailergen.settings.batch import BatchSettings
from trailergen.settings.machine import MachineSettings

_RAY_CPUS = 4


def make_films(
    jobs: Sequence[Job], folder: Path, many: BatchSettings, machine: MachineSettings, progress: Progress
) -> tuple[list[Outcome], Path]:
    """Make films; returns what became of each, and the file that says the same.

    Args:
        jobs: all with names and targets of their own.
        folder: of the results.
        many: who makes them, and how many at once.
        machine: what all of them together may use; on a cluster, what each may.
        progress: gets one line per film.

    Raises:
        OutputError: nothing can be written into the folder.
        UsageError: there is no such cluster.
    """
    summary = folder / FOLDER / "summary.json"
    try:
        summary.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {summary.parent}", error.strerror) from error
    share = _share(many, machine)
    placed = [replace(job, machine=share) for job in jobs]
    films = Films(progress)
    with films.shown():
        return run_batch(
            placed, _told(_executor(many, machine, films), films), summary, progress, many.keep_going
        ), summary


def _share(many: BatchSettings, machine: MachineSettings) -> MachineSettings:
    """The part of the machine that one film may use."""
    if many.ray is not None:
        threads = machine.threads or _RAY_CPUS
    else:
        threads = max(1, min(cores(), machine.threads or cores()) // (many.jobs or 1))
    return replace(machine, threads=threads, cache_dir=machine.cache_dir and machine.cache_dir.absolute())


def _executor(many: BatchSettings, machine: MachineSettings, films: Films) -> Executor:
    if many.ray is not None:
        from trailergen.batch.cluster import run_on_ray

        cpus = machine.threads or _RAY_CPUS
        return functools.partial(run_on_ray, address=many.ray, cpus=cpus, gpus=many.ray_gpus, limit=many.jobs)
    from trailergen.batch.local import run_local

    return functools.partial(run_local, workers=many.jobs or 1, doing=films.doing)


def _told(execute: Executor, films: Films) -> Executor:
    """The same, and what has ended is no longer shown as under way."""

    def executor(next_job: Callable[[], Job | None]) -> Iterator[Outcome]:
        for outcome in execute(next_job):
            films.ended(outcome.job.name)
            yield outcome

    return executor
