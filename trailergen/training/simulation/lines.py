"""Lines of simulated films, and an editor who prefers shots in which a line matters.

What is said where somebody speaks are sentences of made-up words. Each matters to the story more or less, which only
the editor knows. It is to be guessed from the words: what matters is said in words of the film's own (``_THEMES``),
the rest is small talk, in words that are the same in all films. Subtitles are late, stay longer than the voice, and
now and then cut a sentence off. The channels of the shots are then made of these subtitles as of any film's
(``dialogue/shots.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from trailergen.dialogue.sentences import LONGEST_S, SHORTEST_S
from trailergen.dialogue.shots import shot_lines
from trailergen.dialogue.subtitles.cues import Cue
from trailergen.training.simulation.editor import Floats, sample_trailer
from trailergen.training.simulation.film import FilmShots, shot_lengths, simulate_film
from trailergen.training.simulation.pairs import (
    TRAILER_SHOT_S,
    SimulatedPair,
    Story,
    encode_story,
    log_uniform,
    simulate_music,
)

_SMALL_TALK, _THEMES = 600, 16
"""Words of all films, and of each film's own."""
_STEEPNESS = 0.5
"""Of the frequency of words by their rank, an exponent."""
_TELLS = 2.5
"""How steeply the share of the film's own words rises with what a sentence matters."""
_WORDS_PER_S = 2.3
_LASTS_S, _LONGER = 2.2, 0.35
"""Median of a sentence's length, where somebody speaks for so long, and by how much it is longer, as a logarithm, for a
standard deviation of what it matters, and by chance."""
_WHOLE = 0.85
"""Share of the sentences that subtitles do not cut off."""
_LATE_S, _STAYS_S = 0.15, 0.4
"""Standard deviation of a cue's beginning around that of the voice, and how much longer it is shown."""


@dataclass(frozen=True)
class SimulatedLines:
    """What is said in a film of I shots.

    Args:
        cues: as its subtitles have it.
        matters: (I,) how much what is said in each shot matters to the story: from 0, nothing or no line that a trailer
            could have, to 1.
    """

    cues: tuple[Cue, ...]
    matters: Floats


def simulate_lines(rng: np.random.Generator, film: FilmShots) -> SimulatedLines:
    """A line in each shot in which somebody speaks."""
    cues: list[Cue] = []
    meant = np.full(len(film.speech), -np.inf)
    for shot in film.speech.nonzero()[0].tolist():
        matters, whole = rng.standard_normal(), rng.random() < _WHOLE
        lasts = np.exp(rng.normal(np.log(_LASTS_S) + _LONGER * matters, _LONGER))
        spoken = min(float(film.speech[shot] * film.duration_s[shot]), float(lasts))
        start = float(film.start_s[shot]) + rng.uniform(0, float(film.duration_s[shot]) - spoken)
        text = _sentence(rng, max(1, round(_WORDS_PER_S * spoken)), 1 / (1 + np.exp(1.0 - _TELLS * matters)))
        shown = start + rng.normal(0, _LATE_S)
        first, last = (Fraction(round(1000 * max(0.0, at)), 1000) for at in (shown, shown + spoken + _STAYS_S))
        cues.append(Cue(len(cues), first, last, text + ("." if whole else ",")))
        if whole and float(SHORTEST_S) <= spoken <= float(LONGEST_S):
            meant[shot] = matters
    heard = np.isfinite(meant)
    place = np.argsort(np.argsort(meant)) - (~heard).sum() + 1
    matter = np.where(heard, place / max(1, heard.sum()), 0.0)
    return SimulatedLines(tuple(sorted(cues, key=lambda cue: (cue.start, cue.end))), matter)


def spoken_pair(
    seed: int, number: int, preference: float, shots: tuple[int, int] = (40, 100), positions: tuple[int, int] = (8, 30)
) -> tuple[SimulatedPair, SimulatedLines]:
    """A film with lines and a trailer whose editor prefers shots in which a line matters.

    Args:
        seed, number: what the film is a function of; it hangs on nothing else.
        preference: in nats: e to this power is how much likelier the shot of the line that matters most is chosen than
            one in which nothing is said, by that alone; 0 for an editor to whom lines are nothing.
        shots, positions: bounds of both numbers, log-uniform between.
    """
    rng, own = np.random.default_rng((seed, number)), np.random.default_rng((seed, number, 1))
    film = simulate_film(rng, log_uniform(rng, shots))
    count = min(log_uniform(rng, positions), len(film.scene) // 3)
    lengths = shot_lengths(rng, TRAILER_SHOT_S, 0.2, 0.5, np.ones(count))
    music = simulate_music(rng, lengths)
    lines = simulate_lines(own, film)
    chosen = sample_trailer(film, lengths, music, rng, appeal=preference * lines.matters)
    pair = encode_story(rng, Story(film, lengths, music, chosen))
    times = [(Fraction(float(start)), Fraction(float(end))) for start, end in _bounds(film)]
    measured = {**pair.facts.measured, **shot_lines(lines.cues, times).measured()}
    return replace(pair, facts=replace(pair.facts, measured=measured)), lines


def _sentence(rng: np.random.Generator, words: int, own: float) -> str:
    """A sentence of so many words, each of them with this probability one of the film's own."""
    themes, talk = _frequencies(_THEMES), _frequencies(_SMALL_TALK)
    said = [
        f"own{rng.choice(_THEMES, p=themes)}" if one else f"word{rng.choice(_SMALL_TALK, p=talk)}"
        for one in rng.random(words) < own
    ]
    return " ".join(said).capitalize()


def _bounds(film: FilmShots) -> Floats:
    start = film.start_s.astype(np.float64)
    return np.column_stack([start, np.append(start[1:], start[-1] + film.duration_s[-1])])


def _frequencies(count: int) -> Floats:
    weights = np.arange(1, count + 1) ** -_STEEPNESS
    return np.asarray(weights / weights.sum(), np.float64)
