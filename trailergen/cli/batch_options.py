"""The options of commands that take several films, and how these are made."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli.groups import as_arguments
from trailergen.cli.machine_options import MachineOptions
from trailergen.errors import BatchError, OutputError, UsageError

if TYPE_CHECKING:
    from trailergen.batch.job import Job
    from trailergen.batch.run import Executor
    from trailergen.runtime.progress import Progress

_RAY_CPUS = 4


@dataclass(frozen=True)
class BatchOptions:
    """How several films are made."""

    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Films at once: 1, or what a Ray cluster has room for.")
    ] = None
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Make the other films when one has failed.")] = False
    ray: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Make several films on a Ray cluster, see docs/batch.md.")
    ] = None
    ray_gpus: Annotated[
        float, typer.Option(min=0, metavar="SHARE", help="GPUs that one film asks Ray for, as 0.25; 0 for none.")
    ] = 0

    def shared(self, machine: MachineOptions) -> list[str]:
        """How a film's own command says what it may use of the machine that makes it."""
        from trailergen.runtime.threads import cores, limit_threads

        limit_threads(machine.threads)
        threads = (machine.threads or _RAY_CPUS) if self.ray is not None else max(1, cores() // (self.jobs or 1))
        return [*as_arguments(replace(machine, threads=threads)), "--progress=plain"]

    def run(self, jobs: list[Job], folder: Path, progress: Progress, machine: MachineOptions) -> None:
        """Make the films; prints a table of what became of them.

        Raises:
            BatchError: some of them failed.
            OutputError: nothing can be written into the folder.
            UsageError: there is no such cluster.
        """
        from trailergen.batch.job import FOLDER, Status
        from trailergen.batch.run import run_batch, table

        summary = folder / FOLDER / "summary.json"
        try:
            summary.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot make the folder {summary.parent}", error.strerror) from error
        outcomes = run_batch(jobs, self._executor(machine), summary, progress, self.keep_going)
        print(table(outcomes))
        progress.note(f"the same as JSON: {summary}")
        failed = sum(outcome.status is Status.failed for outcome in outcomes)
        if failed:
            raise BatchError(
                f"{failed} of {len(jobs)} films failed",
                hint=f"{summary.parent} holds their logs; the same command makes what is missing",
            )

    def _executor(self, machine: MachineOptions) -> Executor:
        if self.ray is not None:
            from trailergen.batch.cluster import run_on_ray

            cpus = machine.threads or _RAY_CPUS
            return functools.partial(run_on_ray, address=self.ray, cpus=cpus, gpus=self.ray_gpus, limit=self.jobs)
        if self.ray_gpus:
            raise UsageError("--ray-gpus is for films that are made on a Ray cluster", hint="add --ray ADDRESS")
        from trailergen.batch.local import run_local

        return functools.partial(run_local, workers=self.jobs or 1)


def distinct(jobs: list[Job]) -> list[Job]:
    """The jobs, if no two would write the same file. Raises UsageError."""
    seen: dict[str, Job] = {}
    for job in jobs:
        other = seen.setdefault(job.target.name.casefold(), job)
        if other is not job:
            raise UsageError(
                f"{other.film} and {job.film} would both become {job.target.name}",
                hint="rename one, or list them with a column `name`",
            )
    return jobs
