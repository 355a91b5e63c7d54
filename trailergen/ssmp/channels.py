"""What a token of ``geometry-2`` tells of a shot besides how it looks beside the others: one entry a channel.

A channel has the same meaning in every film and for every encoder. Most are ranks within the film, from -1 to 1,
which no camera's or reader's scale can shift. A channel whose source is missing is 0, and in training each source is
withheld now and then, so that films without sound or without readings are planned by what is left. To add a
channel, add an entry to ``CHANNELS``: nothing else knows their number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trailergen.readings.types import Readings
from trailergen.ssmp.tokens import Array, ShotFacts, mean_of_nearest, rank, similarity_at, time_code, unit_rows

Floats = NDArray[np.float64]
Values = NDArray[np.floating] | NDArray[np.integer]

_PERIODS = (4.0, 8.0, 16.0, 32.0, 64.0)
"""Shots per cycle of the number code: it tells the next shot from the one after, however long the film."""
_LAGS = (1, 2, 4)


@dataclass(frozen=True)
class Film:
    """A film as channels see it: ``features`` (I, D) and ``facts``."""

    features: Array
    facts: ShotFacts

    @cached_property
    def similarity(self) -> Array:
        """Cosines (I, I) of the centred features."""
        unit = unit_rows(self.features - self.features.mean(axis=0))
        return np.asarray(unit @ unit.T, np.float32)


@dataclass(frozen=True)
class Channel:
    """One channel, or several that belong together.

    Args:
        name: of what it tells.
        of: its values for a film, (I,) or (I, k); None where its source is missing. NaN counts as 0.
        ranked: whether ranks within the film take the place of the values, which otherwise lie within [-1, 1].
        width: k.
        source: what it is measured by, which a film may lack; empty for what every film has.
    """

    name: str
    of: Callable[[Film], Values | None]
    ranked: bool = True
    width: int = 1
    source: str = ""


def _read(name: str, of: Callable[[Readings, Film], Values], source: str, ranked: bool = True) -> Channel:
    def values(film: Film) -> Values | None:
        return None if film.facts.readings is None else of(film.facts.readings, film)

    return Channel(name, values, ranked, source=source)


def _lag(lag: int) -> Channel:
    return Channel(f"likeness at {lag:+d}", lambda film: similarity_at(film.similarity, lag))


CHANNELS = (
    Channel("time", lambda film: time_code(film.facts), ranked=False, width=15),
    Channel("number", lambda film: _number_code(len(film.features)), ranked=False, width=2 * len(_PERIODS)),
    Channel("ordinary", lambda film: film.similarity.mean(axis=1)),
    Channel("frequent", lambda film: mean_of_nearest(film.similarity)),
    *(_lag(lag) for lag in _LAGS),
    *(_lag(-lag) for lag in _LAGS),
    Channel("length", lambda film: film.facts.duration_s),
    Channel("motion", lambda film: film.facts.motion, source="motion"),
    Channel("brightness", lambda film: film.facts.brightness, source="light"),
    Channel("loudness", lambda film: film.facts.loudness, source="sound"),
    _read("transient", lambda seen, _: seen.transient, "sound"),
    _read("speech", lambda seen, _: 2 * seen.speech - 1, "sound", ranked=False),
    _read("subject", lambda seen, _: seen.subject, "subject"),
    _read("size", lambda seen, _: seen.size, "subject"),
    _read("closeness", lambda seen, _: 2 * seen.closeness - 1, "closeness", ranked=False),
    _read("sharpness", lambda seen, _: seen.sharpness, "detail"),
    _read("clutter", lambda seen, _: seen.clutter, "detail"),
    _read("saturation", lambda seen, _: seen.saturation, "colour"),
    _read("red or green", lambda seen, _: seen.colour[:, 1], "colour"),
    _read("yellow or blue", lambda seen, _: seen.colour[:, 2], "colour"),
    _read("typicality", lambda seen, _: seen.typicality, "typicality"),
    _read("set-up again", lambda seen, _: _seen_before(seen.setup), "set-ups"),
    _read("set-up's shots", lambda seen, _: np.bincount(seen.setup)[seen.setup], "set-ups"),
    _read("act", lambda seen, _: 2 * seen.act / max(1, int(seen.act.max(initial=0))) - 1, "acts", ranked=False),
    _read("place in act", lambda seen, _: _place_in_act(seen.act), "acts", ranked=False),
    _read("turned", lambda seen, film: _side_of(seen.turn, len(film.features)), "acts", ranked=False),
    _read("before the guard", lambda seen, film: _before(seen.guard, len(film.features)), "guard", ranked=False),
    _read("behind the guard", lambda seen, film: _side_of(seen.guard, len(film.features)), "guard", ranked=False),
)
"""All channels, in their order in a token."""

CODES = ("time", "number")
"""Channels that are codes of place: sines and cosines, each pair of length 1."""

WIDTH = sum(channel.width for channel in CHANNELS)
SOURCES = tuple(sorted({channel.source for channel in CHANNELS} - {""}))
READ = tuple(sorted({channel.source for channel in CHANNELS if channel.source not in ("", "motion", "light", "sound")}))
"""The sources of which nothing is known without readings."""


def sources_of_columns() -> tuple[str, ...]:
    """The source of each of the ``WIDTH`` columns."""
    return tuple(channel.source for channel in CHANNELS for _ in range(channel.width))


def channel_values(features: Array, facts: ShotFacts) -> Array:
    """The channels (I, WIDTH) of a film's shots, from ``features`` (I, D).

    Each code of place has a length near 1, and so have all the others together, so that none drowns the rest in the
    cosine of eq. 3.
    """
    film = Film(features, facts)
    others = sum(channel.width for channel in CHANNELS if channel.name not in CODES)
    columns = []
    for channel in CHANNELS:
        found = channel.of(film)
        values = np.zeros((len(features), channel.width))
        if found is not None:
            known = np.asarray(found, np.float64)
            known = rank(known) if channel.ranked else np.nan_to_num(known)
            values[:] = known.reshape(len(features), channel.width)
        scale = (channel.width / 2) ** -0.5 if channel.name in CODES else (others / 3) ** -0.5
        columns.append(scale * values)
    return np.hstack(columns).astype(np.float32)


def _number_code(shots: int) -> Floats:
    phase = 2 * np.pi * np.arange(shots)[:, None] / np.array(_PERIODS)
    return np.hstack([np.sin(phase), np.cos(phase)])


def _seen_before(setup: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many shots of the same set-up came before each, (I,)."""
    order = np.argsort(setup, kind="stable")
    _, first, number = np.unique(setup[order], return_index=True, return_inverse=True)
    before = np.empty(len(setup), np.int64)
    before[order] = np.arange(len(setup)) - first[number]
    return before


def _place_in_act(act: NDArray[np.int64]) -> Floats:
    """From -1 at the first shot of an act to 1 at its last."""
    _, first, number, counts = np.unique(act, return_index=True, return_inverse=True, return_counts=True)
    place: Floats = 2 * (np.arange(len(act)) - first[number] + 0.5) / counts[number] - 1
    return place


def _side_of(shot: int, shots: int) -> Floats:
    """-1 before a shot, 1 from it on."""
    return np.where(np.arange(shots) < shot, -1.0, 1.0)


def _before(shot: int, shots: int) -> Floats:
    """How near the end of what may be shown a shot is: 1 just before ``shot``, falling to -1, also behind it."""
    distance = shot - 1 - np.arange(shots)
    return np.where(distance < 0, -1.0, 2 * np.exp(-distance / max(1.0, 0.05 * shots)) - 1)
