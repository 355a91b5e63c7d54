"""The films of a batch on this machine: some worker processes, each of which keeps its models."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from trailergen.batch.job import Job, Outcome, Status, work
from trailergen.runtime.models import Models

_INTERRUPTED = 130
_GRACE_S = 1.5
# Windows has no SIGHUP.
_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def show_nobody(_film: str, _stage: str, _share: float | None) -> None:
    """The ``doing`` of who shows nothing."""


def run_local(
    next_job: Callable[[], Job | None], workers: int, doing: Callable[[str, str, float | None], None] = show_nobody
) -> Iterator[Outcome]:
    """Make films, so many at once; outcomes come in the order in which films end.

    Args:
        next_job: is asked whenever a worker has nothing to do; None for nothing more at present.
        workers: how many processes.
        doing: is told of a film's name, its stage, and the share of that which is done.
    """
    idle: list[_Worker] = []
    busy: dict[Connection, tuple[_Worker, Job]] = {}
    try:
        while True:
            while len(busy) < workers and (job := next_job()) is not None:
                worker = idle.pop() if idle else _Worker.start()
                worker.pipe.send(job)
                busy[worker.pipe] = worker, job
            if not busy:
                return
            for pipe in [pipe for pipe in wait(list(busy)) if isinstance(pipe, Connection)]:
                worker, job = busy[pipe]
                try:
                    said: Outcome | tuple[str, float | None] = pipe.recv()
                    if not isinstance(said, Outcome):
                        doing(job.name, *said)
                        continue
                    outcome = said
                    del busy[pipe]
                except (EOFError, OSError):
                    del busy[pipe]
                    worker.process.join()
                    outcome = _died(job, worker.process.exitcode or 0)
                else:
                    idle.append(worker)
                yield outcome
    finally:
        _stop([*idle, *(worker for worker, _ in busy.values())])


@dataclass(frozen=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection

    @classmethod
    def start(cls) -> _Worker:
        # Not forked: torch's and libav's threads do not survive that.
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there,))
        process.start()
        there.close()
        return cls(process, here)


def _serve(pipe: Connection) -> None:
    """The worker: makes what comes until the other end is closed, by the parent or by its death."""
    working = False

    def interrupted(_signal: int, _frame: Any) -> None:
        # Once: the parent's SIGTERM may come while the terminal's SIGINT is being answered.
        for number in (signal.SIGINT, *_ENDING):
            signal.signal(number, signal.SIG_IGN)
        if not working:  # or ending: there is nothing to put in order
            os._exit(_INTERRUPTED)
        raise KeyboardInterrupt

    for number in _ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(number, interrupted)
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupted)
    models, sending = Models(), threading.Lock()

    def tell(stage: str, share: float | None) -> None:
        # Stages advance in several threads. A film is made although nobody wants to know how far it is.
        with suppress(OSError), sending:
            pipe.send((stage, share))

    # Nothing to say: the parent knows, or is gone.
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            job = pipe.recv()
            working = True
            outcome = work(job, models, tell=tell)
            working = False
            with sending:
                pipe.send(outcome)


def _died(job: Job, code: int) -> Outcome:
    how = f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"
    error = f"error: the process that made {job.film} {how}\n  why: too little memory, perhaps\n  try: fewer --jobs"
    return Outcome(job, Status.failed, 1, error)


def _stop(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.pipe.close()
        worker.process.terminate()
    until = time.monotonic() + _GRACE_S
    for worker in workers:
        worker.process.join(max(0.0, until - time.monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
