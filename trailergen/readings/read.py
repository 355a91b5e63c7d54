"""All readings of a film, from its analysis alone."""

from __future__ import annotations

import numpy as np

from trailergen.readings.acts import find_acts, resolution
from trailergen.readings.appearance import appearance
from trailergen.readings.curves import film_curves, peak_times
from trailergen.readings.fades import big_fades, guard_shot, shots_after, story
from trailergen.readings.motion import shot_motion
from trailergen.readings.scale import closeness
from trailergen.readings.setups import centred_on, setup_numbers, shot_embeddings, typicality
from trailergen.readings.sound import shot_sound
from trailergen.readings.subject import picture_subjects, shot_subjects
from trailergen.readings.types import Readings
from trailergen.shots.analysis import FilmAnalysis

VERSION = 1


def read_shots(analysis: FilmAnalysis) -> Readings:
    """The readings of a film; see ``Readings`` for each and its unit.

    The same analysis gives the same readings. Two thousand shots take well under a second.
    """
    count = len(analysis.shots)
    told = story(analysis)
    subjects = picture_subjects(analysis.embeddings, analysis.pictures, told)
    seen = shot_subjects(subjects, analysis.embeddings, count)
    look = appearance(analysis)
    vectors = shot_embeddings(analysis.embeddings, count)
    own = centred_on(vectors, told)
    speech, transient = shot_sound(analysis.sound, analysis.shots)
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
        peak_s=peak_times(analysis, film_curves(analysis, subjects)),
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
