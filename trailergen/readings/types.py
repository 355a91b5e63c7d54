"""The readings of a film's shots, each with its meaning and unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Readings:
    """Readings of the I shots of one film; arrays are (I,) float32 in film order unless it says otherwise.

    Args:
        subject: presence of one thing that stands out, from 0 (nobody there) to 1.
        size: share of the picture's area that this thing covers, 0 to 1.
        centre: (I, 2) where it is, as shares of the width from the left and of the height from the top.
        closeness: shot scale, 0 (widest of the film) to 1 (closest); under 1/3 is wide, over 2/3 close.
        motion: mean absolute difference of luma from picture to picture, on 0 to 255, of the 48x27 thumbnails.
        peak_s: seconds after the shot's start at which motion and sound are strongest.
        sharpness: 0 (blurred, murky) to 1 (sharp).
        clutter: fine detail all over the picture, 0 to 1, such as grass and leaves.
        brightness: mean luma, 0 to 255.
        saturation: mean distance between the largest and smallest of R, G, B, 0 to 255.
        colour: (I, 3) mean colour in CIE L*a*b*.
        typicality: cosine, -1 to 1, of the shot's embedding with the film's mean: of its own people and scenery.
        setup: (I,) int64, number of the camera set-up; shots of one set-up show the same view again.
        speech: share of the shot's time in which somebody speaks, 0 to 1.
        loudness: level of the film's sound in the shot, dBFS; -100 where there is none.
        transient: decibels by which the shot's strongest sound onset exceeds the level just before; 0 if none.
        act: (I,) int64, number of the act the shot belongs to, from 0; non-decreasing.
        turn: number of the shot with which the film's lasting turn of scenery and light begins.
        guard: number of the first shot after the last fade before the credits, or without such a fade of a last act
            that is as short as an ending: from here on everything is a spoiler. I where the film has neither.
    """

    subject: Floats
    size: Floats
    centre: Floats
    closeness: Floats
    motion: Floats
    peak_s: Floats
    sharpness: Floats
    clutter: Floats
    brightness: Floats
    saturation: Floats
    colour: Floats
    typicality: Floats
    setup: Ints
    speech: Floats
    loudness: Floats
    transient: Floats
    act: Ints
    turn: int
    guard: int
