"""Channels of what is said: the share of a shot that is talked over, and how much the line in it stands out.

A film's lines are no measurement of its pictures: whoever has subtitles or a transcript says which shots they are heard
in (``dialogue/shots.py``), and ``ShotFacts.measured`` holds that under the channels' names. Both channels are of one
source, which a film without subtitles lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trailergen.ssmp.channels.channel import Channel, ChannelSource, Values
from trailergen.ssmp.types import Array

_SAID, _SALIENCE = "line", "salience"


@dataclass(frozen=True)
class ShotLines:
    """The lines of a film by its I shots.

    Args:
        said: (I,) share of each shot in which somebody says a line, 0 to 1.
        salience: (I,) how much the line of each shot stands out among the film's, 0 where there is none, to 1.
    """

    said: Array
    salience: Array

    def measured(self) -> Mapping[str, Array]:
        """As ``ShotFacts.measured`` holds them."""
        return {_SAID: self.said, _SALIENCE: self.salience}


def _share(name: str) -> Channel:
    """The channel of a share from 0 to 1, as -1 to 1."""

    def values(film: ChannelSource) -> Values | None:
        found = film.facts.measured.get(name)
        return None if found is None else 2 * found - 1

    return Channel(name, values, ranked=False, source="lines", from_lines=True)


LINES = (_share(_SAID), _share(_SALIENCE))
