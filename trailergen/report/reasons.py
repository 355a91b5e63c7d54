"""Why a clip stands where it stands, in a few words: the rules of the style by which it gained most."""

from __future__ import annotations

from collections.abc import Mapping

from trailergen.plans import Position
from trailergen.ssmp.energy import MODEL
from trailergen.style.terms import PAIR, POSITION

MOST = 3
_FELT = 0.1  # nats: less decides nothing
_RULES: Mapping[str, str] = {name: term.why for name, term in {**POSITION, **PAIR}.items()}
_WORDS: Mapping[str, str] = {**_RULES, MODEL: "the model's choice"}


def strongest(position: Position) -> list[str]:
    """At most three reasons with what the clip gained by each, such as "its place in the story +2.1 nats".

    The strongest comes first; there are none where the plan was made without a style.
    """
    known = [(gain, _WORDS[rule]) for rule, gain in position.reasons.items() if rule in _WORDS and gain >= _FELT]
    return [f"{words} +{gain:.1f} nats" for gain, words in sorted(known, key=lambda reason: -reason[0])[:MOST]]
