"""One film of a batch: what is to be made, making it, and what became of it."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from trailergen.runtime.models import Models

FOLDER = "batch"
"""Where, in the folder of the results, logs and locks are kept."""


class Status(StrEnum):
    """What became of a film."""

    made = "made"
    present = "present"  # from an earlier run; nothing was rendered
    failed = "failed"
    waiting = "waiting"  # not begun
    elsewhere = "elsewhere"  # another run makes it just now


@dataclass(frozen=True)
class Job:
    """One film of a batch.

    Attributes:
        name: what it is called in the output, unlike all others.
        film: its file.
        target: the trailer; several lengths and variants add to its name.
        arguments: of the command line that makes it.
        wait: for another run that makes the same, instead of saying so.
    """

    name: str
    film: Path
    target: Path
    arguments: tuple[str, ...]
    wait: bool = False

    @property
    def log(self) -> Path:
        """Where that command's messages go."""
        return self.target.parent / FOLDER / f"{self.name}.log"


@dataclass(frozen=True)
class Outcome:
    """What became of a job.

    Attributes:
        job: which.
        status: in a word.
        exit_code: of the film's own command.
        error: what went wrong; the first line says it.
        outputs: files that are there now: trailers, plans, storyboards.
        seconds: from beginning to end.
    """

    job: Job
    status: Status
    exit_code: int = 0
    error: str = ""
    outputs: tuple[str, ...] = ()
    seconds: float = 0.0


def work(job: Job, models: Models, run: Callable[[list[str], Models], int] | None = None) -> Outcome:
    """Make one film's trailer; whatever goes wrong is told by the outcome.

    ``models`` are those loaded before and after; ``run`` runs a command line, trailergen's own by default.
    """
    from trailergen.__main__ import run as command_line

    started, begun = time.monotonic(), 0.0
    folder = job.log.parent
    # The name is too long for another suffix where it has all the 255 bytes that a name may have.
    lock = FileLock(
        folder / f"{hashlib.sha256(job.target.name.encode(errors='surrogateescape')).hexdigest()[:16]}.lock"
    )
    out = _Printed()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=job.wait)
        try:
            with (
                job.log.open("w", encoding="utf-8", errors="backslashreplace") as log,
                redirect_stderr(log),
                redirect_stdout(out),
            ):
                # By the clock of the file system, which may be another machine's.
                begun = _modified(job.log)
                code = (run or command_line)(list(job.arguments), models)
        finally:
            lock.release()
        error = _error(job.log) if code else ""
    except Timeout:
        return Outcome(job, Status.elsewhere)
    except OSError as fault:  # the log cannot be written
        code, error = 2, f"error: cannot write into {folder}: {fault.strerror}"
    seconds = time.monotonic() - started
    if code:
        return Outcome(job, Status.failed, code, error, seconds=seconds)
    outputs = tuple(out.printed)
    fresh = any(_modified(Path(output)) >= begun for output in outputs)
    return Outcome(job, Status.made if fresh else Status.present, outputs=outputs, seconds=seconds)


class _Printed(io.TextIOBase):
    """What is printed, print by print: the name of a file may hold line breaks."""

    def __init__(self) -> None:
        self.printed: list[str] = []

    def write(self, text: str) -> int:
        if text != "\n":
            self.printed.append(text)
        return len(text)


def _error(log: Path) -> str:
    """The last message of a log, which is the one that ended it."""
    lines = log.read_text(encoding="utf-8").rstrip().splitlines()
    first = max((at for at, line in enumerate(lines) if line.startswith("error: ")), default=len(lines) - 1)
    return "\n".join(lines[max(first, 0) :])


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
