"""The radar chart of a study, as Fig. 3b of the paper: one axis a question, one line a trailer."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from trailergen.errors import UsageError
from trailergen.report.jury.questions import HIGHEST, LOWEST, Question
from trailergen.report.jury.scores import Scores
from trailergen.runtime.cache import atomic_output

SUFFIXES = (".png", ".svg")


def check_plot(path: Path) -> None:
    """Find out whether a chart can be drawn there. Raises UsageError."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"the chart {path} must end in {' or '.join(SUFFIXES)}")
    if find_spec("matplotlib") is None:
        raise UsageError(
            "the chart is drawn by matplotlib, which is not installed", hint="pip install 'trailergen[train]'"
        )


def draw_radar(path: Path, scores: Scores, questions: Sequence[Question]) -> None:
    """A PNG or an SVG, by the file's name; the same scores give the same file. A mean that nobody gave is a gap.

    Raises:
        OutputError: the file cannot be written.
        UsageError: see ``check_plot``.
    """
    check_plot(path)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    # Text stays text, and ids do not hang on chance; a name with dollars is no formula.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "trailergen", "text.parse_math": False}):
        figure = Figure(figsize=(7.2, 6.0), layout="constrained")
        axes = figure.add_subplot(projection="polar")
        angles = np.linspace(0, 2 * np.pi, len(questions), endpoint=False)
        closed = np.append(angles, angles[0])
        for trailer in scores.trailers:
            means = [trailer.aspects[question.id].mean for question in questions]
            values = np.array([np.nan if mean is None else mean for mean in [*means, means[0]]])
            (line,) = axes.plot(closed, values, marker="o", markersize=4, linewidth=1.8, label=trailer.name)
            axes.fill(closed, values, alpha=0.08, color=line.get_color())
        axes.set_theta_zero_location("N")  # type: ignore[attr-defined]
        axes.set_theta_direction(-1)  # type: ignore[attr-defined]
        axes.set_ylim(LOWEST - 1, HIGHEST)
        axes.set_yticks(range(LOWEST, HIGHEST + 1))
        axes.tick_params(axis="y", labelsize=8, labelcolor="0.4")
        axes.set_xticks(angles, [question.name for question in questions])
        for label, angle in zip(axes.get_xticklabels(), angles, strict=True):
            # Names stand beside the circle, whatever their length.
            side = np.sin(angle)
            label.set_horizontalalignment("left" if side > 0.1 else "right" if side < -0.1 else "center")
        axes.grid(alpha=0.35)
        figure.legend(loc="outside lower center", ncols=min(3, len(scores.trailers)), frameon=False)
        kind = path.suffix.lower()[1:]
        # No date and no version.
        metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        with atomic_output(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=150, metadata=metadata)
