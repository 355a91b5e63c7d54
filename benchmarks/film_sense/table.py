"""The trailers of the ways, as a Markdown table or as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks.film_sense.ways import EDITOR, Made
from trailergen.evaluation.counts import COUNTED, WANTED, mean_counts
from trailergen.evaluation.metrics import mean_scores

Rows = Mapping[str, Sequence[Made]]
"""By the name of each way, the trailers it made; the first way is the style that is examined."""

_HEADS = {
    "clips": "clips",
    "repeated": "one set-up twice",
    "dead": "dead",
    "spoilers": "after the guard",
    "near": "near",
    "ascending": "ascending",
    "music": "with the music",
    "button": "button",
    "run": "longest run",
}
_WHOLE = ("clips", "repeated", "dead", "spoilers", "run")


def table(rows: Rows) -> str:
    """The means of each way, and what is wanted; then the rules, if any, without which nothing changes."""
    style = next(iter(rows))
    scored = any(one.scores for made in rows.values() for one in made)
    ablated = any(one.own for made in rows.values() for one in made)
    heads = ["choice", *(["F1", "F1 less the style's", "F1 ±1 shot", "AA"] if scored else [])]
    heads += [*_HEADS.values(), "rules' energy", "positions changed", *(["the rule's own energy"] if ablated else [])]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    wanted = ["wanted", *([""] * 4 if scored else []), *(WANTED.get(name, "") for name in COUNTED)]
    lines.append(f"| {' | '.join(wanted + [''] * (len(heads) - len(wanted)))} |")
    for name, made in rows.items():
        counts = mean_counts([one.counts for one in made])
        cells = [name, *(_scores(made, rows[style]) if scored else [])]
        cells += [_figure(getattr(counts, field), field in _WHOLE, len(made)) for field in COUNTED]
        cells.append(f"{np.mean([one.energy for one in made]):.1f}")
        cells.append(
            "" if name in (style, EDITOR) else _figure(float(np.mean([one.changed for one in made])), True, len(made))
        )
        if ablated:
            own = [one.own for one in made if one.own]
            cells.append("{:.1f} → {:.1f}".format(*np.mean(own, axis=0)) if own else "")
        lines.append(f"| {' | '.join(cells)} |")
    idle = [name for name, made in rows.items() if made[0].own and not any(one.changed for one in made)]
    return "\n".join([*lines, *(["", f"Nothing changes {', '.join(idle)}."] if idle else [])])


def values(rows: Rows) -> dict[str, Any]:
    """Every trailer's figures, by the name of the way; what is not defined is null."""
    return {name: [_plain(asdict(one)) for one in made] for name, made in rows.items()}


def _scores(made: Sequence[Made], usual: Sequence[Made]) -> list[str]:
    ours, theirs = ([one.scores for one in row if one.scores] for row in (made, usual))
    if not ours:
        return [""] * 4
    scores, less = mean_scores(ours), ""
    if made is not usual and len(theirs) > 1:
        # Film by film: random shots are drawn several times of each.
        film_means = np.array([one.f1 for one in ours]).reshape(len(theirs), -1).mean(axis=1)
        apart = film_means - [one.f1 for one in theirs]
        less = f"{apart.mean():+.3f} ± {apart.std(ddof=1) / math.sqrt(len(apart)):.3f}"
    return [f"{scores.f1:.3f}", less, f"{scores.f1_at_1:.3f}", f"{scores.aa:.2f}"]


def _figure(value: float, whole: bool, trailers: int) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.0f}" if whole and trailers == 1 else f"{value:.1f}" if whole else f"{value:.2f}"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
