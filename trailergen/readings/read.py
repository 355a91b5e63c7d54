"""A film's readings, all of them, from its analysis alone."""

from __future__ import annotations

import numpy as np

from trailergen.readings.acts import find_acts, resolution
from trailergen.readings.curves import film_curves, peak_times
from trailergen.readings.fades import big_fades, guard_shot, shots_after, story
from trailergen.readings.motion import shot_motion
from trailergen.readings.picture import appearance
from trailergen.readings.scale import closeness
from trailergen.readings.setups import centred, setup_numbers, shot_looks, typicality
from trailergen.readings.sound import shot_sound
from trailergen.readings.subject import picture_subjects, shot_subjects
from trailergen.readings.types import Readings
from trailergen.shots.analysis import FilmAnalysis

VERSION = 1


def read_shots(analysis: FilmAnalysis) -> Readings:
    """What an editor would note down about each shot of a film; see ``Readings`` for each and its unit.

    Same analysis, same readings. Two thousand shots take well under a second.
    """
    count = len(analysis.shots)
    told = story(analysis)
    pictured = picture_subjects(analysis.looks, analysis.pictures, told)
    seen = shot_subjects(pictured, analysis.looks, count)
    look = appearance(analysis)
    vectors = shot_looks(analysis.looks, count)
    own = centred(vectors, told)
    speech, transient = shot_sound(analysis.hearing, analysis.shots)
    start, end = (np.array([float(getattr(s, name)) for s in analysis.shots], np.float32) for name in ("start", "end"))
    fades = big_fades(analysis)
    guard = guard_shot(analysis, fades)
    act, turn = find_acts(own, look.colour, start, end, told, shots_after(analysis, fades), guard)
    if guard == count:
        guard = resolution(act, start, end, told)
    return Readings(
        subject=seen.presence,
        size=seen.size,
        centre=seen.centre,
        closeness=closeness(seen.reach, told),
        motion=shot_motion(analysis),
        peak_s=peak_times(analysis, film_curves(analysis, pictured)),
        sharpness=look.sharpness,
        clutter=look.clutter,
        brightness=look.brightness,
        saturation=look.saturation,
        colour=look.colour,
        typicality=typicality(vectors, told),
        setup=setup_numbers(own, look.view),
        speech=speech,
        loudness=analysis.loudness,
        transient=transient,
        act=act,
        turn=turn,
        guard=guard,
    )
