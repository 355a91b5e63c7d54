"""The stems in the order in which they are added: a new one is a file beside this one and a name here."""

from typing import Any

from trailergen.audio.stems.accents import ACCENTS
from trailergen.audio.stems.film import FILM
from trailergen.audio.stems.lines import LINES
from trailergen.audio.stems.music import MUSIC
from trailergen.audio.stems.stem import Stem
from trailergen.plans import Plan

STEMS: tuple[Stem, ...] = (MUSIC, FILM, LINES, ACCENTS)


def stems_of(plan: Plan) -> dict[Stem, Any]:
    """The stems that a plan's sound is made of, each with its facts, None where it is silent; one that trailers seldom
    have is left out then."""
    known = {stem: stem.facts(plan) for stem in STEMS}
    return {stem: facts for stem, facts in known.items() if facts is not None or not stem.seldom}
