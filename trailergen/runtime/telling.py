"""The state of each of several films: told by who makes them, shown to who waits for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from trailergen.runtime.progress import Progress, ProgressKind, Tick

if TYPE_CHECKING:
    from rich.progress import TaskID

Tell = Callable[[str, float | None], None]
"""Is told of a stage's name and the share of it that is done, None where nobody knows."""
_EVERY_S = 0.5


def tell_nobody(_stage: str, _share: float | None) -> None:
    """The ``tell`` of who shows nothing."""


class LoggedProgress(Progress):
    """Writes a film's log, and tells of its stages twice a second."""

    def __init__(self, log: TextIO, tell: Tell) -> None:
        super().__init__(ProgressKind.plain, log)
        self._tell = tell

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Tick]:
        """Show one stage while the block runs; yields its tick."""
        done, told = 0.0, time.monotonic()

        with super().stage(name, total) as logged:

            def tick(units: float) -> None:
                nonlocal done, told
                logged(units)
                done += units
                if time.monotonic() - told >= _EVERY_S:
                    told = time.monotonic()
                    self._tell(name, done / total if total else None)

            self._tell(name, 0 if total else None)
            yield tick


class Films:
    """A bar for each film under way, on a terminal; nothing elsewhere, where each has its log."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show them while the block runs; what ``progress`` says meanwhile stands above them."""
        if self._progress.kind is not ProgressKind.bar:
            yield
            return
        with self._progress.bars() as self._bars:
            yield

    def doing(self, film: str, stage: str, share: float | None) -> None:
        """A film is in a stage."""
        if self._progress.kind is not ProgressKind.bar:
            return
        if film not in self._tasks:
            self._tasks[film] = self._bars.add_task(film, total=1)
        name = film if film.isprintable() else ascii(film)[1:-1]
        about = f"{name}: {stage}".replace("[", "\\[")
        self._bars.update(
            self._tasks[film], description=about, total=None if share is None else 1, completed=share or 0
        )

    def ended(self, film: str) -> None:
        """A film is made or has failed."""
        if film in self._tasks:
            self._bars.remove_task(self._tasks.pop(film))
