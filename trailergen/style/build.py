"""From a style and its material to the energy that the decoder follows."""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.energy import Energy, Pairs, of_all_pairs
from trailergen.style.material import Floats, Ints, Material
from trailergen.style.parties import parties
from trailergen.style.styles import Style
from trailergen.style.terms import PAIR, POSITION, PairTerm, Term, repeated


def build_energy(style: Style, material: Material) -> Energy | None:
    """The energy of a style; None for one without rules, which is the model alone."""
    if not style.has_rules:
        return None

    def weighed(name: str, term: Term) -> Floats:
        return np.float32(style.weight(name)) * term.measure(material)

    def weighed_pairs(name: str, term: PairTerm) -> Pairs:
        weight = np.float32(style.weight(name))
        return lambda before, after: weight * term.measure(material, before, after)

    def alike(one: Ints, other: Ints) -> Floats:
        return style.weight("repeat") * repeated(material, one, other)

    return Energy(
        unary_terms={name: weighed(name, term) for name, term in POSITION.items() if style.weight(name)},
        pairwise_terms={name: weighed_pairs(name, term) for name, term in PAIR.items() if style.weight(name)},
        repetition_penalty=of_all_pairs([alike], material.shots),
        party=parties(material.looks, material.readings.subject),
        run_penalty=style.weight("run"),
        model_weight=style.model,
    )
