"""Muvee: few long shots, cut to the music by rules, made to what is reported of its trailers.

The paper calls Muvee a summariser with visual input and cites Ganhoer (2014), "Muvee: an alternative approach to
mobile video trimming", which could not be read. IPOT compares with a program of that name. Presumably it is the
commercial one of muvee Technologies; that could not be verified. No algorithm of it is published. Public are a patent
of that company (US 8,006,186: descriptors of the media and data of a style, from which the operations of editing are
derived), and two reports on the trailers: IPOT's of 4 to 24 shots of 8 to 43 seconds, and the paper's Table 1, where
R / P = 0.19 means a fifth of the official shots, some 20. So this is no more than the kind of program that Muvee is:

* The number of shots is the music's length over 8 s, the shortest that IPOT reports, with which trailers of two and a
  half minutes have as many shots as Table 1 implies; but 4 at least and 24 at most, and no more than there are
  positions or shots.
* The music's segments are joined into as many stretches of similar length that begin where the energy changes: of all
  divisions the one with the greatest sum of |energy difference| at its cuts less 2 log(length / mean length)^2 of each
  stretch.
* The film is parted into as many parts of equally many shots, in its order, which is kept. Each stretch takes the shot
  of its part with the greatest standing in duration + standing in brightness + likeness, where likeness is
  1 - |standing of the shot's motion - standing of the stretch's energy|, and a standing is the share of the others
  that are exceeded: long, bright shots that move as the music does.

Inputs: the shots' durations, brightness and motion, and the music's lengths and energy. It learns nothing, and the
seed changes nothing. Approximated, beside the rules, which are all ours: a program of this kind cuts pieces out of
shots and lays effects between them, where here a stretch shows one shot; it returns fewer shots than there are
positions.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from trailergen.evaluation.baselines.affect import standing
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method
from trailergen.training.films import FilmFacts, Need

Floats = NDArray[np.float64]

FEWEST, MOST = 4, 24
LONG_S = 8.0
_EVENNESS = 2.0


def long_shots(seconds: float, positions: int, shots: int) -> int:
    """The number of shots of a trailer that lasts so long, has so many positions, and is of a film of so many shots."""
    return min(max(round(seconds / LONG_S), FEWEST), MOST, positions, shots)


def stretches(lengths_s: Floats, energy: Floats, count: int) -> list[int]:
    """The first segment of each of ``count`` stretches of music of J segments, by an exact search.

    Args:
        lengths_s, energy: (J,) of the segments.
        count: at least 1, at most J.
    """
    segments = len(lengths_s)
    ends = np.concatenate(([0.0], np.cumsum(lengths_s)))
    mean = max(float(ends[-1]) / count, 1e-9)
    change = np.concatenate(([0.0], np.abs(np.diff(energy))))
    begin, end = np.meshgrid(np.arange(segments), np.arange(1, segments + 1), indexing="ij")
    ratios = np.maximum(ends[end] - ends[begin], 1e-9) / mean
    gain = change[begin] - _EVENNESS * np.log(ratios) ** 2
    gain = np.where(begin < end, gain, -np.inf)  # [b, e - 1]: of the stretch of segments b to e
    best = gain[0].copy()
    came_from = np.zeros((count, segments), np.int64)
    for number in range(1, count):
        reached = np.concatenate(([-np.inf], best[:-1]))[:, None] + gain
        came_from[number] = reached.argmax(axis=0)
        best = reached.max(axis=0)
    starts, last = [], segments - 1
    for number in range(count - 1, -1, -1):
        first = int(came_from[number, last])
        starts.append(first)
        last = first - 1
    return starts[::-1]


def shots_to_music(facts: FilmFacts, energy: Floats) -> list[int]:
    """One shot of each of n equal parts of the film for n stretches of music of this energy (n,), in film order."""
    duration, brightness, motion = (
        standing(values.numpy()) for values in (facts.durations_s, facts.brightness, facts.motion)
    )
    wanted = standing(energy)
    found = []
    for part, level in zip(np.array_split(np.arange(len(duration)), len(energy)), wanted, strict=True):
        worth = duration[part] + brightness[part] + 1 - np.abs(motion[part] - level)
        found.append(int(part[worth.argmax()]))
    return found


class Muvee(Method):
    """Few long shots as a ``Method``."""

    needs: ClassVar[frozenset[Need]] = frozenset({"facts", "music", "energy"})

    def clips(self, film: Film, least: int) -> list[int]:
        """See ``Method``: the first segment of each stretch of the music."""
        film.require({"music", "energy"}, "Muvee")
        if film.music is None:
            raise AssertionError("it is required")
        lengths, energy = (values.double().numpy() for values in (film.music.lengths_s, film.music.energy))
        count = long_shots(float(lengths.sum()), min(film.positions, len(lengths)), len(film))
        return stretches(lengths, energy, max(count, least))

    def trailer(self, film: Film, seed: int) -> list[int]:
        """See ``Method``; the seed changes nothing."""
        film.require(self.needs, "Muvee")
        if film.facts is None or film.music is None:
            raise AssertionError("they are required")
        lengths, energy = (values.double().numpy() for values in (film.music.lengths_s, film.music.energy))
        starts = self.clips(film, 1)
        levels = [
            np.average(part, weights=weights)
            for part, weights in zip(np.split(energy, starts[1:]), np.split(lengths, starts[1:]), strict=True)
        ]
        return shots_to_music(film.facts, np.array(levels))
