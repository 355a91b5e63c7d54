"""The ways to choose shots that are compared, and what each made of a film."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from trailergen.evaluation.choices import at_random, every_nth
from trailergen.evaluation.counts import Counts
from trailergen.evaluation.metrics import Scores
from trailergen.ssmp.types import Ints
from trailergen.style.build import build_energy
from trailergen.style.material import Material
from trailergen.style.styles import STYLES, Style

SSMP, RULES, NTH, RANDOM, EDITOR = "SSMP alone", "rules alone", "every n-th", "random", "the editor"
_WITHOUT = "without "


@dataclass(frozen=True)
class Made:
    """A trailer.

    Attributes:
        counts: on it.
        energy: by the rules of the style that is examined, in nats, whatever it was made by.
        changed: positions that do not show what they do in that style.
        own: of a way without one rule, the energy of that rule alone in the style and here.
        scores: against the simulated editor.
    """

    counts: Counts
    energy: float
    changed: int
    own: tuple[float, float] | None = None
    scores: Scores | None = None


def styles(style: Style, ablate: bool) -> dict[str, Style]:
    """The styles that are examined beside ``style``, by name; it comes first."""
    found = {style.name: style, SSMP: STYLES["none"], RULES: replace(style, model=0.0)}
    if ablate:
        for rule in (rule for rule in style.weights if style.weight(rule)):
            found[_WITHOUT + rule] = replace(style, weights={**style.weights, rule: 0.0})
    return found


def compare(
    style: Style,
    material: Material,
    ablate: bool,
    draws: int,
    fill: Callable[[Style], Ints],
    judge: Callable[[str, Ints], tuple[Counts, Scores | None]],
    others: Mapping[str, Ints],
) -> Iterator[tuple[str, Made]]:
    """Every way, with what it made of one film; random shots ``draws`` times.

    Args:
        style: that is examined.
        material: of the film and the trailer.
        ablate: whether to do without each rule.
        draws: of random shots.
        fill: the shots (J,) that a style chooses.
        judge: the counts and scores of a way's shots.
        others: choices that are known already, by name.
    """
    energy = build_energy(style, material)
    if energy is None:
        raise ValueError(f"the style {style.name} has no rules to look at")
    chosen = {name: fill(one) for name, one in styles(style, ablate).items()}
    usual = chosen[style.name]
    ways = [*chosen.items(), *others.items(), (NTH, every_nth(material))]
    ways += [(RANDOM, at_random(material, np.random.default_rng(seed))) for seed in range(draws)]
    for name, shots in ways:
        if shots is None:  # the film has no such choice
            continue
        counts, scores = judge(name, shots)
        own = None
        if name.startswith(_WITHOUT):
            rule = name.removeprefix(_WITHOUT)
            alone = build_energy(replace(style, weights={rule: style.weights[rule]}), material)
            assert alone is not None
            own = alone.total(usual), alone.total(shots)
        yield name, Made(counts, energy.total(shots), int((shots != usual).sum()), own, scores)
