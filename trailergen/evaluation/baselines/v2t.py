"""V2T, "Vid2Trailer": symbols of the film and impressive parts, in the order of greatest impact (Irie et al. 2010).

The article ("Automatic trailer generation", ACM Multimedia 2010) could not be read. What is told of it here is from its
abstract and, second hand, from those who describe it; it could not be verified. Three stages:

1. Symbols. The title logo is the text of the largest letters in the first tenth of the film; it is shown last. The
   theme music is, of the longest tenth of the film's pieces of music, the one whose melody (12 pitch classes) comes
   again most.
2. Impressive components. Speech and shots that move most are found by an analysis of the affect of sound and picture.
3. Reconstruction. The shots are put into the order whose affective impact is greatest, over the theme music, and the
   speech is laid over it at regular intervals.

Here, with affect A(s) in 0 to 1 (see ``affect.py``), the mean standing of a shot in motion, cutting rate, loudness and
strongest transient, and share of speech q(s):

    theme      the longest section of the music that comes again (see ``theme.py``)
    speech     of shots with q(s) >= 0.25 those of greatest q(s) A(s), in film order, one at every fourth of the theme's
               positions, from the third
    shots      A(s); the best of the others fill the other positions
    order      maximises sum over neighbours |A(s) - A(s')| of these others, exactly, as if no speech stood between

Inputs: the facts about shots, and the music's segments. It learns nothing, and the seed changes nothing.

Approximated, and why:

* The original lays speech as sound over other shots. A method here chooses shots, so the shots in which somebody
  speaks take positions themselves; every fourth, the third and 0.25 are ours.
* The music is given, as for all methods here, so that the theme is looked for in it and not in the film. The whole of
  it is used, and its theme only says where speech stands; "comes again most" became "the longest that comes again",
  with a mean cosine of 0.95 for "again", which is ours. Where pitch classes are not known, as in published features,
  the segments' features tell sections apart.
* The original learns topics of emotion from labelled films, which are not public: arousal by the usual terms takes
  their place. The measure of its impact is not in what could be read: the sum of changes is ours, and with the speech
  between them the order of the others is not the one of greatest impact of the whole.
* The title is no shot of the film's story: trailergen sets it as a card (``--title``), and has the text of the film
  out of trailers.
* Trailers have J shots, where by Table 1 of the paper (R / P = 0.54) those of V2T had about half as many as the
  official ones; its F1 does not follow from the P and R printed beside it.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from trailergen.evaluation.baselines.affect import affect, order_of_impact
from trailergen.evaluation.baselines.theme import theme_section
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method
from trailergen.training.films import Need

Floats = NDArray[np.float64]

INTERVAL, FIRST = 4, 2
"""Of the theme's positions, the distance of those with speech, and the first of them."""
SPOKEN = 0.25
"""Share of a shot's time from which it is one with speech."""


def impressive_speech(levels: Floats, speech: Floats, most: int) -> list[int]:
    """The ``most`` shots of greatest affect times speech among those in which somebody speaks, in film order."""
    spoken = np.flatnonzero(speech >= SPOKEN)
    best = spoken[np.argsort(-(levels * speech)[spoken], kind="stable")][:most]
    return sorted(int(shot) for shot in best)


def reconstructed(levels: Floats, speech: Floats, theme: tuple[int, int], positions: int) -> list[int]:
    """The trailer: ``positions`` shots, those with speech at regular intervals of the theme.

    Args:
        levels, speech: (I,) affect and share of speech, with I >= positions.
        theme: its positions ``[first, last)``.
        positions: J.
    """
    first, last = theme[0] + FIRST, min(theme[1], positions)
    slots = list(range(first, last, INTERVAL))
    spoken = impressive_speech(levels, speech, len(slots))
    slots = slots[: len(spoken)]
    others = np.setdiff1d(np.arange(len(levels)), spoken)
    strongest = np.sort(others[np.argsort(-levels[others], kind="stable")][: positions - len(slots)])
    ordered = [int(strongest[number]) for number in order_of_impact(levels[strongest])]
    trailer = [-1] * positions
    for slot, shot in zip(slots, spoken, strict=True):
        trailer[slot] = shot
    rest = iter(ordered)
    return [next(rest) if shot < 0 else shot for shot in trailer]


class V2T(Method):
    """Symbols and impressive components as a ``Method``."""

    needs: ClassVar[frozenset[Need]] = frozenset({"facts", "music"})

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        film.require(self.needs, "V2T")
        if film.facts is None or film.music is None:
            raise AssertionError("they are required")
        music = film.music
        tones = music.features if music.chroma is None else music.chroma
        theme = theme_section(tones.numpy(), music.lengths_s.numpy())
        speech = film.facts.speech.double().numpy()
        return reconstructed(affect(film.facts), speech, theme, min(film.positions, len(film)))
