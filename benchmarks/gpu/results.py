"""The findings: kept as JSON after every part, and written as one Markdown table."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from pathlib import Path
from typing import Any

DONE, FAILED, LATE, SKIPPED, NOT_RUN = "done", "failed", "out of time", "skipped", "not run"
_TRACEBACK = "Traceback (most recent call last):\n"


@dataclass
class Results:
    """The results in a file, those of an earlier call among them.

    Attributes:
        path: of the JSON; the table lies beside it.
        facts: about the machine.
        parts: by name: ``state`` (one of the above), ``seconds``, ``rows``, and ``reason`` where it is not done.
    """

    path: Path
    facts: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> Results:
        """Go on with the file if it is there."""
        if not path.exists():
            return cls(path)
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(path, stored["facts"], stored["parts"])

    def finished(self, name: str) -> bool:
        """True if a part need not be run again."""
        return name in self.parts and self.parts[name]["state"] == DONE and not wrong(self.parts[name])

    def put(
        self,
        name: str,
        state: str,
        seconds: float = 0.0,
        rows: Sequence[dict[str, Any]] = (),
        reason: str = "",
        check: bool = False,
    ) -> None:
        """Keep what a part found, in place of what it found before."""
        found = {"state": state, "seconds": round(seconds, 1), "rows": list(rows), "reason": reason, "check": check}
        self.parts[name] = found
        self.write()

    def write(self) -> None:
        """Both files, each whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        found = _defined({"facts": self.facts, "parts": self.parts})
        whole = json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False)
        for path, text in ((self.path, whole), (self.path.with_suffix(".md"), self.table())):
            temporary = path.with_name(f".{path.name}")
            temporary.write_text(f"{text}\n", encoding="utf-8")
            os.replace(temporary, path)

    def failed(self) -> list[str]:
        """The parts in which a check did not hold, or was to be made and could not."""
        return [
            name
            for name, part in self.parts.items()
            if wrong(part) or (part.get("check") and part["state"] in (FAILED, LATE))
        ]

    def table(self) -> str:
        """All rows in Markdown; the reason where a part gave none."""
        lines = ["| part | what | found | expected | ok | s |", "|---|---|---|---|---|---|"]
        for name, part in self.parts.items():
            seconds = f"{part['seconds']:.1f}"
            for row in part["rows"]:
                ok = {True: "yes", False: "**no**", None: ""}[row["ok"]]
                lines.append(f"| {name} | {row['what']} | {row['found']} | {row['expected']} | {ok} | {seconds} |")
                seconds = ""
            if part["state"] != DONE:
                reason = told(part["reason"]).replace("\n", " ").replace("|", "/")
                lines.append(f"| {name} | {part['state']} | {reason[:300]} | | | {seconds} |")
        facts = "; ".join(f"{name} {value}" for name, value in self.facts.items())
        return "\n".join([*lines, "", facts])


def told(reason: str) -> str:
    """A reason without its traceback: of the last one the line that names the exception and begins its message."""
    _, traced, rest = reason.rpartition(_TRACEBACK)
    lines = rest.strip("\n").splitlines()
    if traced:
        lines = list(dropwhile(lambda line: line.startswith(" "), lines))[:1]
    return "\n".join(lines).strip()


def _defined(value: Any) -> Any:
    """JSON has no word for what is not a number, but null."""
    if isinstance(value, dict):
        return {name: _defined(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_defined(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def wrong(part: dict[str, Any]) -> bool:
    """True if a check of a part did not hold."""
    return any(row["ok"] is False for row in part["rows"])
