"""Progress of the stages, on stderr: bars on a terminal, plain lines otherwise, or JSON lines.

Code that takes long accepts a ``tick`` callable and calls it with the units done since the last call;
it knows nothing of how progress is shown.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TextIO

Tick = Callable[[float], None]


def no_tick(_units: float) -> None:
    """The tick of a caller that shows no progress."""


class ProgressKind(StrEnum):
    """The form of progress. ``auto`` is ``bar`` on a terminal and ``plain`` elsewhere."""

    auto = "auto"
    bar = "bar"
    plain = "plain"
    json = "json"
    none = "none"


class Progress:
    """Shows the stages of one run, one after another."""

    def __init__(self, kind: ProgressKind = ProgressKind.auto, stream: TextIO | None = None) -> None:
        self.stream = stream if stream is not None else sys.stderr
        if kind is ProgressKind.auto:
            kind = ProgressKind.bar if self.stream.isatty() else ProgressKind.plain
        self.kind = kind

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Tick]:
        """Show one stage while the block runs; yields its tick.

        Args:
            name: the stage, one or two words.
            total: how many units the stage has, if known.
        """
        started = time.monotonic()
        if self.kind is ProgressKind.bar:
            with self._bar(name, total) as tick:
                yield tick
        elif self.kind is ProgressKind.json:
            with_json = _JsonStage(self.stream, name, total, started)
            with_json.emit("start")
            yield with_json.tick
            with_json.emit("done")
        else:
            yield no_tick
        if self.kind is ProgressKind.plain:
            self.note(f"{name}: {time.monotonic() - started:.1f} s")

    def note(self, text: str) -> None:
        """Tell the user one thing, in the form of the other lines."""
        if self.kind is ProgressKind.none:
            return
        line = json.dumps({"event": "note", "text": text}) if self.kind is ProgressKind.json else text
        print(line, file=self.stream, flush=True)

    def film(self, number: int, of: int, facts: dict[str, Any]) -> None:
        """Tell that one film of a batch has ended; ``facts`` are those of its summary."""
        if self.kind is ProgressKind.json:
            print(json.dumps({"event": "film", "number": number, "of": of, **facts}), file=self.stream, flush=True)
            return
        said = ascii(facts["name"])[1:-1] if not facts["name"].isprintable() else facts["name"]
        reason = f" ({facts['exit_code']}): {facts['error'].partition(chr(10))[0]}" if facts["error"] else ""
        self.note(f"[{number}/{of}] {said}: {facts['status']}{reason}, {facts['seconds']:.1f} s")

    @contextmanager
    def _bar(self, name: str, total: float | None) -> Iterator[Tick]:
        # Imported here: rich costs 50 ms that `--help` and a quiet run should not pay.
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import (
            Progress as RichProgress,
        )

        columns = (
            TextColumn("{task.description:<9}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("eta"),
            TimeRemainingColumn(),
        )
        with RichProgress(*columns, console=Console(file=self.stream)) as bars:
            task = bars.add_task(name, total=total)
            yield lambda units: bars.advance(task, units)
            bars.update(task, total=total or 1, completed=total or 1)


class _JsonStage:
    """Emits ``start``, ``progress`` (at most one per second) and ``done`` events of one stage."""

    def __init__(self, stream: TextIO, name: str, total: float | None, started: float) -> None:
        self.stream, self.name, self.total, self.started = stream, name, total, started
        self.done, self.last = 0.0, started

    def tick(self, units: float) -> None:
        self.done += units
        if time.monotonic() - self.last >= 1:
            self.emit("progress")

    def emit(self, event: str) -> None:
        self.last = time.monotonic()
        elapsed = self.last - self.started
        left = (self.total - self.done) * elapsed / self.done if self.total and self.done else None
        record = {
            "event": event,
            "stage": self.name,
            "done": self.done,
            "total": self.total,
            "elapsed_s": round(elapsed, 3),
            "eta_s": None if left is None else round(max(left, 0.0), 1),
        }
        print(json.dumps(record), file=self.stream, flush=True)
