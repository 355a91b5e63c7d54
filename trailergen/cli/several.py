"""Several films, made and told of by one command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.errors import BatchError
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.batch import BatchSettings
from trailergen.settings.machine import MachineSettings

if TYPE_CHECKING:
    from trailergen.batch.job import Job


def make_several(
    jobs: Sequence[Job], folder: Path, many: BatchSettings, machine: MachineSettings, progress: ProgressKind
) -> None:
    """Make films into a folder and print a table of what became of them.

    Raises:
        BatchError: some of them failed.
        OutputError, UsageError: as ``trailergen.batch.execute.make_films``.
    """
    from trailergen.batch.execute import make_films
    from trailergen.batch.job import Status
    from trailergen.batch.run import table
    from trailergen.runtime.progress import Progress

    shown = Progress(progress)
    outcomes, summary = make_films(jobs, folder, many, machine, shown)
    print(table(outcomes))
    shown.say(f"the same as JSON: {summary}")
    failed = sum(outcome.status is Status.failed for outcome in outcomes)
    if failed:
        raise BatchError(
            f"{failed} of {len(jobs)} films failed",
            hint=f"{summary.parent} holds their logs; the same command makes what is missing",
        )
