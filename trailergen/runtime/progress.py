"""Progress of the stages, on stderr: bars on a terminal, plain lines otherwise, or JSON lines.

Code that takes long accepts a ``tick`` callable and calls it with the units done since the last call;
it knows nothing of how progress is shown.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TextIO

from trailergen.runtime.stage_lines import StageLines, every_minute, write_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress

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


# How long the stages of a trailer take, in parts of a whole, in the order in which they come.
_PARTS = {
    "music": 2,
    "shots": 58,
    "features": 10,
    "bars": 1,
    "plan": 1,
    "subtitles": 1,
    "transcribe": 10,
    "captions": 2,
    "render": 18,
    "verify": 5,
    "stems": 1,
    "storyboard": 1,
}


class Progress:
    """Shows the stages of one run, one after another."""

    def __init__(self, kind: ProgressKind = ProgressKind.auto, stream: TextIO | None = None) -> None:
        self.stream = stream if stream is not None else sys.stderr
        if kind is ProgressKind.auto:
            kind = ProgressKind.bar if self.stream.isatty() else ProgressKind.plain
        self.kind = kind
        self._about: str | None = None
        self._console: Console | None = None  # while bars are shown, above which lines have to go
        self._runs = (0, 1)
        self._share = 0.0

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Tick]:
        """Show one stage while the block runs; yields its tick.

        Args:
            name: the stage, one or two words.
            total: how many units the stage has, if known.
        """
        shown = StageLines(name, total)
        if self.kind is ProgressKind.bar:
            with self._bar(name, total) as tick:
                yield tick
        elif self.kind is ProgressKind.json:
            emitter = _JsonStage(self.stream, shown, self._whole)
            emitter.emit("start")
            yield emitter.tick
            emitter.emit("done")
        elif self.kind is ProgressKind.plain:
            with every_minute(shown, self.say):
                yield shown.add
            self.say(f"{name}: {shown.elapsed:.1f} s")
        else:
            yield no_tick

    @contextmanager
    def about(self, name: str, number: int, of: int) -> Iterator[None]:
        """While the block runs all that is told is of one trailer of several: its name, and which it is, from 0."""
        self._about, self._runs, self._share = (name if of > 1 else None), (number, of), number / of
        try:
            yield
        finally:
            self._about = None

    def say(self, text: str) -> None:
        """Tell the user how far the work is, in the form of the other lines."""
        if self.kind is not ProgressKind.none:
            self.note(text)

    def note(self, text: str) -> None:
        """Tell the user one thing that they should know of their trailer, even those who want no progress."""
        if self.kind is ProgressKind.json:
            about = {} if self._about is None else {"about": self._about}
            write_line(self.stream, {"event": "note", "text": text, **about})
        elif self._console is not None:
            self._console.print(self._named(text), markup=False, highlight=False, soft_wrap=True)
        else:
            print(self._named(text), file=self.stream, flush=True)

    def _named(self, text: str) -> str:
        return text if self._about is None else f"{self._about}: {text}"

    def _whole(self, stage: StageLines) -> float | None:
        """The share of the whole run that is done, from 0 to 1; None in a stage that is none of a trailer's."""
        if stage.name not in _PARTS:
            return None
        names = list(_PARTS)
        before = sum(_PARTS[name] for name in names[: names.index(stage.name)])
        number, of = self._runs
        done = (before + _PARTS[stage.name] * (stage.share or 0)) / sum(_PARTS.values())
        self._share = max(self._share, (number + done) / of)
        return round(self._share, 4)

    def film(self, number: int, of: int, facts: dict[str, Any]) -> None:
        """Tell that one film of a batch has ended; ``facts`` are those of its summary."""
        if self.kind is ProgressKind.json:
            write_line(self.stream, {"event": "film", "number": number, "of": of, **facts})
            return
        said = ascii(facts["name"])[1:-1] if not facts["name"].isprintable() else facts["name"]
        reason = f" ({facts['exit_code']}): {facts['error'].partition(chr(10))[0]}" if facts["error"] else ""
        self.say(f"[{number}/{of}] {said}: {facts['status']}{reason}, {facts['seconds']:.1f} s")

    @contextmanager
    def bars(self) -> Iterator[RichProgress]:
        """Bars on the terminal while the block runs."""
        # Imported here: rich costs 50 ms that `--help` and a quiet run should not pay.
        from rich import console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description:<9}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("eta"),
            TimeRemainingColumn(),
        )
        self._console = console.Console(file=self.stream)
        try:
            with Bars(*columns, console=self._console) as shown:
                yield shown
        finally:
            self._console = None

    @contextmanager
    def _bar(self, name: str, total: float | None) -> Iterator[Tick]:
        with self.bars() as shown:
            task = shown.add_task(name, total=total)
            yield lambda units: shown.advance(task, units)
            shown.update(task, total=total or 1, completed=total or 1)


class _JsonStage:
    """Emits ``start``, ``progress`` (at most one per second) and ``done`` events of one stage."""

    def __init__(self, stream: TextIO, stage: StageLines, whole: Callable[[StageLines], float | None]) -> None:
        self._stream, self._stage, self._whole, self._last = stream, stage, whole, stage.started

    def tick(self, units: float) -> None:
        self._stage.add(units)
        if time.monotonic() - self._last >= 1:
            self.emit("progress")

    def emit(self, event: str) -> None:
        self._last = time.monotonic()
        write_line(self._stream, {**self._stage.facts(event), "run": self._whole(self._stage)})
