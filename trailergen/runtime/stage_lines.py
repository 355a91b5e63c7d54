"""Lines about a stage under way, for a stream that is no terminal: JSON, or text once a minute."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

EVERY_S = 60.0

# What one unit of a stage is; of a stage that is not here, a step.
UNITS = {
    "shots": "seconds of film",
    "features": "shots",
    "captions": "shots",
    "bars": "pictures",
    "storyboard": "pictures",
    "plan": "positions",
    "score": "positions",
    "render": "frames",
    "verify": "frames",
    "stems": "files",
}


def unit_of(stage: str) -> str:
    """The unit in which a stage counts."""
    return "bytes" if stage.startswith(("fetch ", "verify ")) else UNITS.get(stage, "steps")


class StageLines:
    """The state of a stage under way: units done, and how long that took.

    Args:
        name: of the stage.
        total: how many units it has, if known.
    """

    def __init__(self, name: str, total: float | None) -> None:
        self.name, self.total, self.done = name, total, 0.0
        self.started = time.monotonic()

    def add(self, units: float) -> None:
        """The tick: so many units more are done."""
        self.done += units

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nobody knows."""
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def left(self) -> float | None:
        """Seconds that are left, if it goes on like this."""
        return max((self.total - self.done) * self.elapsed / self.done, 0.0) if self.total and self.done else None

    def line(self) -> str:
        """For people: ``shots: 42 % after 3 min, about 4 min left``."""
        share = "" if self.share is None else f"{self.share:.0%} ".replace("%", " %")
        left = "" if self.left is None else f", about {max(1, round(self.left / 60))} min left"
        return f"{self.name}: {share}after {self.elapsed / 60:.0f} min{left}"

    def facts(self, event: str) -> dict[str, Any]:
        """For programs."""
        return {
            "event": event,
            "stage": self.name,
            "unit": unit_of(self.name),
            "done": self.done,
            "total": self.total,
            "elapsed_s": round(self.elapsed, 3),
            "eta_s": None if self.left is None else round(self.left, 1),
        }


@contextmanager
def every_minute(stage: StageLines, say: Callable[[str], None]) -> Iterator[None]:
    """Say how far a stage is, once a minute while the block runs, whether it ticks or not."""
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(EVERY_S):
            say(stage.line())

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def write_line(stream: TextIO, facts: dict[str, Any]) -> None:
    """One object on a line of its own."""
    print(json.dumps(facts), file=stream, flush=True)
