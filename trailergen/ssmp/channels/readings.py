"""Channels of a film's readings: sound, subject, picture, set-ups and story."""

from __future__ import annotations

import numpy as np

from trailergen.readings.types import Readings
from trailergen.ssmp.channels.channel import ChannelSource, read
from trailergen.ssmp.types import Floats, Ints

SOUND = (
    read("transient", lambda readings, _: readings.transient, "sound"),
    read("speech", lambda readings, _: 2 * readings.speech - 1, "sound", ranked=False),
)
SUBJECT = (
    read("subject", lambda readings, _: readings.subject, "subject"),
    read("size", lambda readings, _: readings.size, "subject"),
    read("closeness", lambda readings, _: 2 * readings.closeness - 1, "closeness", ranked=False),
)
PICTURE = (
    read("sharpness", lambda readings, _: readings.sharpness, "detail"),
    read("clutter", lambda readings, _: readings.clutter, "detail"),
    read("saturation", lambda readings, _: readings.saturation, "colour"),
    read("red or green", lambda readings, _: readings.colour[:, 1], "colour"),
    read("yellow or blue", lambda readings, _: readings.colour[:, 2], "colour"),
    read("typicality", lambda readings, _: readings.typicality, "typicality"),
)


def _seen_before(readings: Readings, film: ChannelSource) -> Ints:
    """Number of earlier shots of the same set-up, (I,)."""
    setup = readings.setup
    order = np.argsort(setup, kind="stable")
    _, first, number = np.unique(setup[order], return_index=True, return_inverse=True)
    before = np.empty(len(setup), np.int64)
    before[order] = np.arange(len(setup)) - first[number]
    return before


SETUPS = (
    read("set-up again", _seen_before, "set-ups"),
    read("set-up's shots", lambda readings, _: np.bincount(readings.setup)[readings.setup], "set-ups"),
)


def _act(readings: Readings, film: ChannelSource) -> Floats:
    """From -1 in the first act to 1 in the last."""
    act: Floats = 2 * readings.act / max(1, int(readings.act.max(initial=0))) - 1
    return act


def _position_in_act(readings: Readings, film: ChannelSource) -> Floats:
    """From -1 at the first shot of an act to 1 at its last."""
    act = readings.act
    _, first, number, counts = np.unique(act, return_index=True, return_inverse=True, return_counts=True)
    position: Floats = 2 * (np.arange(len(act)) - first[number] + 0.5) / counts[number] - 1
    return position


def _from(shot: int, film: ChannelSource) -> Floats:
    """-1 before a shot, 1 from it on."""
    return np.where(np.arange(len(film.features)) < shot, -1.0, 1.0)


def _before_guard(readings: Readings, film: ChannelSource) -> Floats:
    """Nearness to the end of what may be shown: 1 just before the guard, falling to -1, also behind it."""
    shots = len(film.features)
    distance = readings.guard - 1 - np.arange(shots)
    return np.where(distance < 0, -1.0, 2 * np.exp(-distance / max(1.0, 0.05 * shots)) - 1)


STORY = (
    read("act", _act, "acts", ranked=False),
    read("position in act", _position_in_act, "acts", ranked=False),
    read("after the turn", lambda readings, film: _from(readings.turn, film), "acts", ranked=False),
    read("before the guard", _before_guard, "guard", ranked=False),
    read("behind the guard", lambda readings, film: _from(readings.guard, film), "guard", ranked=False),
)
