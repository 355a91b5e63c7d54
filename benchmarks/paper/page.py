"""The results page as Markdown, and its figures as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import fill

from benchmarks.paper.ablations import OURS
from benchmarks.paper.protocols import Protocol
from benchmarks.paper.section import Section
from trailergen.evaluation.simulated.version import BENCHMARK_VERSION
from trailergen.runtime.cache import atomic_output


def page(asked: str, protocol: Protocol, found: Sequence[Section], cards: Collection[str | None] = ()) -> str:
    """The whole page as Markdown: of the protocol and the options ``asked`` for; ``cards`` are those of the trainings
    of SSMP, None for the CPU."""
    epochs = protocol.steps * protocol.batch / protocol.train_films
    precision = {"auto": "single precision", "fp32": "single precision", "bf16": "bfloat16"}[protocol.precision]
    paragraphs = (
        f"Made by `python -m benchmarks.paper --protocol {asked} -o docs/results.md`, a section on real films with "
        "`--real` and `--alignment` besides; the figures are in the JSON file beside this page.",
        f"{_films(protocol)} Labels and truth are those of eq. 1, title cards among them. A method fills as many "
        "positions as the music has segments; it is not told how many shots the official trailer has.",
        f"Every method that learns gets {protocol.steps} steps of {protocol.batch} films, that is {epochs:.0f} epochs, "
        f"at width {protocol.width} in {protocol.layers} layers, with AdamW, a peak learning rate of "
        f"{protocol.learning_rate:g} (the paper's, at width 1,024, is 1e-4) and gradients clipped at norm "
        f"{OURS.clip:g} (the paper names no clipping). The logits of eq. 3 are scaled by {protocol.logit_scale:g} (the "
        f"paper's by nothing). SSMP trains in {precision}{_on_cards(cards)}. Means and standard deviations over "
        f"{protocol.seeds} trainings with different seeds; the films are the same. Two results "
        "are said to differ if their means are further apart than their spreads together.",
        "P, R, F1: precision, recall and their harmonic mean of the chosen shots; LD: Levenshtein distance, lower is "
        "better; AA: share of the pairs of shared shots that are in the official order; AA of positions: share of the "
        "pairs of positions whose shots stand in the film as those of the official trailer do. Definitions: "
        "`trailergen/evaluation/metrics.py`.",
    )
    head = "\n\n".join(["# Results", *(fill(one, 118, break_on_hyphens=False) for one in paragraphs)]) + "\n"
    short = "\n".join(f"* {section.title}: {said}" for section in found for said in section.verdicts)
    return "\n".join([head, f"## In short\n\n{short}\n", *(section.markdown() for section in found)])


def _on_cards(cards: Collection[str | None]) -> str:
    """Half a sentence on the cards that trained, if any did."""
    names = sorted({card for card in cards if card is not None})
    made = sum(card is not None for card in cards)
    said = (
        f", {made} of {len(cards)} times on {' and '.join(names)} (`python -m benchmarks.gpu.paper`: weights, batches "
    )
    return f"{said}and masks are those of the CPU, sums differ by rounding)" if names else ""


def _films(protocol: Protocol) -> str:
    """A sentence on the films."""
    numbers = f"{protocol.train_films} to learn from and {protocol.test_films} others to evaluate on"
    smallest, largest = protocol.spec.shots
    if not protocol.simulated:
        return f"The paper's tables on published features: {numbers}, of {smallest} to {largest} shots."
    return (
        f"The paper's tables, repeated on the simulated benchmark, version {BENCHMARK_VERSION} "
        "(`trailergen/evaluation/simulated`), which is as hard as the real data as far as their difficulty is known. "
        f"Films: {numbers}, of {smallest} to {largest} shots, described by one made-up encoder of "
        f"{protocol.spec.width} dimensions."
    )


def write(
    output: Path, asked: str, protocol: Protocol, found: Sequence[Section], cards: Collection[str | None] = ()
) -> None:
    """Write the page, and its figures with the suffix .json; arguments as of ``page``. Raises OutputError."""
    about = {
        "protocol": asked,
        "benchmark": BENCHMARK_VERSION,
        "size": json.loads(json.dumps(asdict(protocol), default=str)),
    }
    figures = {**about, "sections": [section.json() for section in found]}
    with atomic_output(output.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with atomic_output(output) as temporary:
        temporary.write_text(page(asked, protocol, found, cards), encoding="utf-8")
