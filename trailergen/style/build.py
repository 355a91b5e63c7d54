"""From a style and its material to the energy that the decoder follows."""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.energy import Energy
from trailergen.style.material import Floats, Material
from trailergen.style.parties import parties
from trailergen.style.styles import Style
from trailergen.style.terms import PAIR, POSITION, Term, repeated


def build_energy(style: Style, material: Material) -> Energy | None:
    """The energy of a style; None for one without rules, which is the model alone."""
    if not style.has_rules:
        return None

    def weighed(terms: dict[str, Term]) -> dict[str, Floats]:
        return {
            name: np.float32(style.weight(name)) * term.measure(material)
            for name, term in terms.items()
            if style.weight(name)
        }

    return Energy(
        unary_terms=weighed(dict(POSITION)),
        pairwise_terms=weighed(dict(PAIR)),
        repetition_penalty=style.weight("repeat") * repeated(material),
        party=parties(material.looks, material.readings.subject),
        run_penalty=style.weight("run"),
        model_weight=style.model,
    )
