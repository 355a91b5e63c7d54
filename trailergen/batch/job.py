"""One film of a batch: what is to be made, making it, and what became of it."""

from __future__ import annotations

import hashlib
import os
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from trailergen.api.make import Request, make_series
from trailergen.errors import explain
from trailergen.runtime.lock import alone, in_silence
from trailergen.runtime.models import Models
from trailergen.runtime.telling import LoggedProgress, Tell, tell_nobody
from trailergen.settings.machine import MachineSettings

if TYPE_CHECKING:
    from trailergen.session import Session

FOLDER = "batch"
"""The folder, in that of the results, in which logs and locks are kept."""


class Status(StrEnum):
    """The outcome of a film."""

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
        request: what is made of it, with absolute paths.
        machine: what it may use of the machine that makes it.
        wait: for another run that makes the same, instead of saying so.
    """

    name: str
    request: Request
    machine: MachineSettings = field(default_factory=MachineSettings)
    wait: bool = False

    @property
    def film(self) -> Path:
        """The film's file."""
        return self.request.film

    @property
    def target(self) -> Path:
        """The trailer; several lengths and variants add to its name."""
        return self.request.target

    @property
    def log(self) -> Path:
        """The file of the film's messages."""
        return self.target.parent / FOLDER / f"{self.name}.log"


@dataclass(frozen=True)
class Outcome:
    """The end of a job.

    Attributes:
        job: which.
        status: in a word.
        exit_code: that a command of this film alone would have had.
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


Make = Callable[[Job, "Session"], Iterable[Path]]
"""Makes a job's trailers and gives the files that are there then."""


def make_trailers(job: Job, session: Session) -> Iterable[Path]:
    """Make the trailers of a job; yields their files. Raises TrailergenError."""
    for path, made in make_series(session, job.request):
        yield from (path,) if made is None else made.files


def work(job: Job, models: Models, make: Make = make_trailers, tell: Tell = tell_nobody) -> Outcome:
    """Make one film's trailers; whatever goes wrong is told by the outcome.

    Args:
        job: the film.
        models: those loaded before.
        make: its trailers.
        tell: is told of each stage as it advances.
    """
    started, begun = time.monotonic(), 0.0
    folder = job.log.parent
    # The name is too long for another suffix where it has all the 255 bytes that a name may have.
    digest = hashlib.sha256(job.target.name.encode(errors="surrogateescape")).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            alone(folder / f".{digest}.lock", in_silence if job.wait else _refuse),
            job.log.open("w", encoding="utf-8", errors="backslashreplace") as log,
        ):
            # By the clock of the file system, which may be another machine's.
            begun = _modified(job.log)
            code, error, outputs = _logged(job, lambda: _open_session(job.machine, models, log, tell), make, log)
    except _ElsewhereError:
        return Outcome(job, Status.elsewhere)
    except OSError as fault:  # the log cannot be written
        code, error, outputs = 2, f"error: cannot write into {folder}: {fault.strerror}", ()
    seconds = time.monotonic() - started
    if code:
        return Outcome(job, Status.failed, code, error, seconds=seconds)
    fresh = any(_modified(Path(output)) >= begun for output in outputs)
    return Outcome(job, Status.made if fresh else Status.present, outputs=outputs, seconds=seconds)


class _ElsewhereError(Exception):
    """Another run makes the film just now."""


def _refuse() -> None:
    raise _ElsewhereError


def _logged(job: Job, session: Callable[[], Session], make: Make, log: TextIO) -> tuple[int, str, tuple[str, ...]]:
    """Exit code, error and files of a job; all that is said, by whomever, goes into the log."""
    with redirect_stderr(log), redirect_stdout(log):
        try:
            return 0, "", tuple(str(path) for path in make(job, session()))
        except Exception as error:
            if os.environ.get("TRAILERGEN_DEBUG"):
                traceback.print_exc(file=log)
            code, message = explain(error)
            print(message, file=log)
            return code, message, ()


def _open_session(machine: MachineSettings, models: Models, log: TextIO, tell: Tell) -> Session:
    from trailergen.session import Session

    if machine.offline:
        from trailergen.runtime.offline import forbid_network

        forbid_network()
    shown = LoggedProgress(log, tell)
    return Session(machine.cache_dir, shown, machine.device, machine.hwaccel, models, threads=machine.threads)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
