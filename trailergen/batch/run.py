"""Runs a batch to its end, tells of every film, and keeps the summary."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trailergen.batch.job import Job, Outcome, Status
from trailergen.runtime.cache import atomic_output
from trailergen.runtime.progress import Progress
from trailergen.version import __version__

Executor = Callable[[Callable[[], Job | None]], Iterator[Outcome]]
"""Makes the jobs it is given when it asks, and tells what became of each; see ``run_local`` and ``run_on_ray``."""


def run_batch(
    jobs: Sequence[Job], execute: Executor, summary: Path, progress: Progress, keep_going: bool = False
) -> list[Outcome]:
    """Make the films of a batch.

    Args:
        jobs: all with names of their own.
        execute: who makes them.
        summary: the JSON file that is written anew whenever a film has ended; see docs/batch.md.
        progress: gets one line per film.
        keep_going: after a failure, too; else films under way are finished, and no others begun.

    Returns:
        one outcome per job, in their order; ``waiting`` for those that were not begun.

    Raises:
        OutputError: the summary cannot be written.
    """
    waiting = deque(jobs)
    found: dict[str, Outcome] = {}
    started = datetime.now(UTC)
    stopped = False

    def next_job() -> Job | None:
        return waiting.popleft() if waiting and not stopped else None

    def outcomes() -> list[Outcome]:
        return [found.get(job.name) or Outcome(job, Status.waiting) for job in jobs]

    _write(summary, outcomes(), started)
    for outcome in execute(next_job):
        if outcome.status is Status.elsewhere:  # all others first, then wait for whoever makes it
            waiting.append(replace(outcome.job, wait=True))
            continue
        found[outcome.job.name] = outcome
        stopped = stopped or (outcome.status is Status.failed and not keep_going)
        progress.film(len(found), len(jobs), facts(outcome))
        _write(summary, outcomes(), started)
    return outcomes()


def facts(outcome: Outcome) -> dict[str, Any]:
    """One film of the summary."""
    return {
        "name": outcome.job.name,
        "film": str(outcome.job.film),
        "status": outcome.status.value,
        "exit_code": outcome.exit_code,
        "error": outcome.error.removeprefix("error: ") or None,
        "outputs": list(outcome.outputs),
        "log": str(outcome.job.log),
        "seconds": round(outcome.seconds, 1),
    }


def table(outcomes: Sequence[Outcome]) -> str:
    """One line per film, and one of sums."""
    rows = [("film", "status", "seconds", "result")]
    for outcome in outcomes:
        error = outcome.error.removeprefix("error: ").partition("\n")[0]
        result = error or (outcome.outputs[0] if outcome.outputs else "")
        status = f"{outcome.status} ({outcome.exit_code})" if outcome.exit_code else outcome.status.value
        rows.append((_line(outcome.job.name), status, f"{outcome.seconds:.1f}", _line(result)))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"{name:<{widths[0]}}  {status:<{widths[1]}}  {seconds:>{widths[2]}}  {result}".rstrip()
        for name, status, seconds, result in rows
    ]
    counts = Counter(outcome.status for outcome in outcomes)
    return "\n".join([*lines, "", ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])])


def _line(text: str) -> str:
    """A name may hold line breaks, and bytes that are no text."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _write(path: Path, outcomes: Sequence[Outcome], started: datetime) -> None:
    counts = Counter(outcome.status.value for outcome in outcomes)
    summary = {
        "trailergen": __version__,
        "started": started.isoformat(timespec="seconds"),
        "updated": datetime.now(UTC).isoformat(timespec="seconds"),
        "counts": dict(counts),
        "films": [facts(outcome) for outcome in outcomes],
    }
    with atomic_output(path) as temporary:
        temporary.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
