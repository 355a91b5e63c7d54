"""The results page as Markdown, and its figures as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.paper.inputs import ExperimentSize
from benchmarks.paper.sections import Section
from trailergen.runtime.cache import atomic_output


def page(size: ExperimentSize, found: Sequence[Section]) -> str:
    """The whole page as Markdown."""
    smallest, largest = size.shots
    epochs = size.steps * size.batch / size.train_films
    head = f"""# Results

Made by `python -m benchmarks.paper -o docs/results.md`, the last section with `--real` and `--alignment`
besides; the figures are in the JSON file beside this page.

The paper's data are not public. Its tables are repeated here on simulated films (`trailergen/training/simulation`):
{size.train_films} to learn from and {size.test_films} others to evaluate on, of {smallest} to {largest} shots, the
trailers of {size.positions[0]} to {size.positions[1]}, described by one made-up encoder of {size.dimension} dimensions.
Every method that learns gets {size.steps} steps of {size.batch} films, that is {epochs:.0f} epochs, at width
{size.width} in {size.layers} layers. Means and standard deviations over {size.seeds} trainings with different seeds;
the films are the same. The logits of eq. 3 are scaled by 10. Two results are said to differ if their means are further
apart than their spreads together.

The films to learn from are few and seen often, so that they can be learned by heart: in the paper, too, the training
accuracy reaches 0.95 and more. The worth of many films, augmented each time they are seen, is at the end.

P, R, F1: precision, recall and their harmonic mean of the chosen shots, R = 1 and R = 2 forgiving as many shots of
distance; LD: Levenshtein distance, lower is better; AA: share of the pairs of shared shots that are in the official
order. Definitions: `trailergen/evaluation/metrics.py`.
"""
    short = "\n".join(f"* {section.title}: {section.verdict}" for section in found)
    return "\n".join([head, f"## In short\n\n{short}\n", *(section.markdown() for section in found)])


def write(output: Path, size: ExperimentSize, found: Sequence[Section]) -> None:
    """Write the page, and its figures with the suffix .json. Raises OutputError."""
    figures = {"size": asdict(size), "sections": [section.json() for section in found]}
    with atomic_output(output.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with atomic_output(output) as temporary:
        temporary.write_text(page(size, found), encoding="utf-8")
