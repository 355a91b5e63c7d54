"""A section of the results page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from trailergen.evaluation.comparison import MethodResult
from trailergen.evaluation.tables import as_json, markdown

BRIEF = ("precision", "recall", "f1", "ld", "aa", "aa_positions")
"""The metrics of most tables of the page."""


@dataclass(frozen=True)
class Section:
    """One table of the page with what stands above and below it.

    Args:
        title: of the section.
        text: above the table.
        head: of the table's first column.
        results: the rows; there may be none.
        verdicts: sentences on the claims that the table is about.
        metrics: the other columns.
        below: under the table.
        more: figures that the JSON has besides.
    """

    title: str
    text: str
    head: str
    results: Sequence[MethodResult]
    verdicts: Sequence[str] = ()
    metrics: Sequence[str] = BRIEF
    below: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """The section as Markdown."""
        table = markdown(self.results, self.head, self.metrics).rstrip() if self.results else ""
        parts = [f"## {self.title}", self.text, table, self.below, "\n".join(f"* {one}" for one in self.verdicts)]
        return "\n\n".join(part for part in parts if part) + "\n"

    def json(self) -> dict[str, Any]:
        """The section as JSON values."""
        found = {"title": self.title, "verdicts": list(self.verdicts), "results": as_json(self.results)}
        return {**found, **self.more}


def plain_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown from texts."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
