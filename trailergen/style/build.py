"""From a style and its material to the energy that the decoder follows, and what a trailer owes to each rule."""

from __future__ import annotations

import numpy as np

from trailergen.ssmp.energy import Energy
from trailergen.style.material import Floats, Ints, Material
from trailergen.style.parties import parties
from trailergen.style.styles import Style
from trailergen.style.terms import PAIR, PLACE, repeated

Reasons = list[tuple[str, float]]


def build_energy(style: Style, material: Material) -> Energy | None:
    """The energy of a style; None for one without rules, which is the model alone."""
    if not any(style.weight(rule) for rule in style.weights):
        return None
    place = np.zeros((material.positions, material.shots))
    for name, term in PLACE.items():
        if weight := style.weight(name):
            place += weight * term.measure(material)
    pair = np.zeros((material.shots, material.shots))
    for name, term in PAIR.items():
        if weight := style.weight(name):
            pair += weight * term.measure(material)
    return Energy(
        unary=place,
        pair=pair,
        apart=style.weight("repeat") * repeated(material),
        party=parties(material.looks, material.readings.subject),
        run=style.weight("run"),
        model=style.model,
    )


def reasons(style: Style, material: Material, shots: Ints) -> list[Reasons]:
    """What the shot at each position of a trailer (J,) gains by each rule, in nats, the most first.

    Rules about a place count from what the shots that may be chosen gain there on average, rules about neighbours
    half for each of the two.
    """
    found: list[Reasons] = [[] for _ in shots]
    for name, term in PLACE.items():
        if weight := style.weight(name):
            gains = weight * np.broadcast_to(term.measure(material), (material.positions, material.shots))
            usual = gains[:, material.open].mean(axis=1)
            for position, shot in enumerate(shots.tolist()):
                found[position].append((name, float(gains[position, shot] - usual[position])))
    for name, term in PAIR.items():
        if weight := style.weight(name):
            gains = weight * term.measure(material)[shots[:-1], shots[1:]] / 2
            shared = _shared(gains)
            for position, gain in enumerate(shared.tolist()):
                found[position].append((name, gain))
    return [sorted(gained, key=lambda reason: -reason[1]) for gained in found]


def _shared(gains: Floats) -> Floats:
    """What two neighbours (J - 1,) gain, given to both: (J,)."""
    return np.append(gains, 0.0) + np.insert(gains, 0, 0.0)
