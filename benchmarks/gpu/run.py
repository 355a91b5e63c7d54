"""Running the parts: in a process of their own, within the time, whatever happens to them.

A part can hang, run out of memory, or leave the graphics card unusable to its process. So parts run one after the other
in a worker, and who does not answer in time is ended, with all it started; the next part gets a new worker.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.gpu import results as r
from benchmarks.gpu.parts import PROTOCOL, Part, Setting, SkippedError

_GRACE = 5.0
"""Seconds a part has beyond its own deadline, to come to an end by itself."""
Answer = tuple[str, list[dict[str, Any]], str]
"""State, rows, reason."""


@dataclass(frozen=True)
class Budget:
    """The time there is.

    Attributes:
        until: when all must be over, as ``clock`` counts.
        reserve: seconds at the end that belong to the protocol.
        clock: the time.
    """

    until: float
    reserve: float = 0.0
    clock: Callable[[], float] = time.time

    def share(self, part: Part) -> float:
        """The seconds a part gets now; 0 if they are fewer than it needs."""
        kept = _GRACE if part.name == PROTOCOL else self.reserve + _GRACE
        left = min(part.most, self.until - self.clock() - kept)
        return left if left >= part.least else 0.0


class Worker:
    """A process that does parts; started when it is first asked."""

    def __init__(self) -> None:
        self._process: Any = None
        self._answers: Connection | None = None

    def ask(self, part: Part, setting: Setting, seconds: float) -> Answer:
        """Do a part within so many seconds."""
        if self._answers is None:
            context = get_context("spawn")
            self._answers, theirs = context.Pipe()
            self._process = context.Process(target=_work, args=(theirs,))
            self._process.start()
            theirs.close()
        self._answers.send((part, replace(setting, until=time.time() + seconds)))
        if self._answers.poll(seconds + _GRACE):
            try:
                answer: Answer = self._answers.recv()
                return answer
            except EOFError:
                self._process.join(5)
                code = self._process.exitcode
                self.end()
                return r.FAILED, [], f"its process ended with {code}"
        self.end()
        return r.LATE, [], f"ended after {seconds:.0f} s"

    def end(self) -> None:
        """End the process and all that it started."""
        if self._process is None or self._answers is None:
            return
        self._answers.close()
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            self._process.kill()
        self._process.join()
        self._process = self._answers = None


def run(
    parts: Sequence[Part],
    setting: Setting,
    results: r.Results,
    budget: Budget,
    ask: Callable[[Part, Setting, float], Answer],
    say: Callable[[str], None] = lambda text: None,
) -> None:
    """Do what is missing of the parts, in their order, and keep what they found."""
    for part in parts:
        if results.finished(part.name):
            say(f"{part.name}: done before")
            continue
        seconds = budget.share(part)
        if not seconds:
            results.put(part.name, r.NOT_RUN, reason="no time was left for it", check=part.check)
            continue
        started = time.time()
        state, rows, reason = ask(part, setting, seconds)
        results.put(part.name, state, time.time() - started, rows, reason, part.check)
        say(f"{part.name}: {state}, {time.time() - started:.1f} s {reason.strip()[-1500:]}")
        for row in rows:
            say(f"    {row['what']}: {row['found']}" + ("  WRONG" if row["ok"] is False else ""))


def answer(part: Part, setting: Setting) -> Answer:
    """Do a part in this process, and catch what it raises."""
    try:
        return r.DONE, [row.stored() for row in part.run(setting)], ""
    except SkippedError as reason:
        return r.SKIPPED, [], str(reason)
    except Exception:
        return r.FAILED, [], traceback.format_exc()


def _work(questions: Connection) -> None:
    os.setpgid(0, 0)  # so that what it starts can be ended with it
    while True:
        try:
            part, setting = questions.recv()
        except EOFError:
            return
        questions.send(answer(part, setting))
