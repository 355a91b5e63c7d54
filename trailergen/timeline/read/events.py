"""A timeline laid flat, and what of it is the film's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trailergen.plans import Range

BLACK = "black"


@dataclass(frozen=True)
class Event:
    """One clip of a timeline, in frames at the film's rate.

    Args:
        record: where it stands, from the start of the timeline.
        source: first frame it shows, counted from the film's first picture if the clip is the film's.
        names: what the timeline calls its media: names and addresses, or its reel; ``BLACK`` alone for black.
        fault: why it cannot stand in a plan though it be the film's; empty if it can.
        title: whether it is a title, which is never the film whatever it is called, and covers nothing.
    """

    record: Range
    source: int
    names: tuple[str, ...]
    fault: str = ""
    title: bool = False


@dataclass(frozen=True)
class CutClip:
    """A clip of an editor's cut: the record frames it fills, and as many film frames."""

    record: Range
    source: Range


@dataclass(frozen=True)
class Join:
    """A dissolve, or a dip to black, of so many ``frames``, its middle over the cut at record frame ``at``."""

    kind: Literal["dissolve", "dip"]
    at: int
    frames: int


@dataclass(frozen=True)
class Cut:
    """An editor's cut: its clips in order, without overlap, in words what a plan cannot hold, and its transitions."""

    clips: tuple[CutClip, ...]
    remarks: tuple[str, ...]
    joins: tuple[Join, ...] = ()
