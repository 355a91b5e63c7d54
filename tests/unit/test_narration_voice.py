from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from speech import RATE, speech_film, syllables

from trailergen.audio.loudness import integrated_loudness
from trailergen.audio.speech import find_voices

END = Fraction(20)


def voices_of(film, cues, loudness=-20.0):
    return find_voices(film, None, [(Fraction(start), Fraction(end)) for start, end in cues], END, loudness)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    said = [(2.0, syllables(1.5, 1)), (6.0, 0.1 * syllables(2.0, 2)), (15.0, syllables(1.3, 3))]
    return speech_film(tmp_path_factory.mktemp("speech"), said, 20)


@pytest.mark.parametrize("cue", [("2", "3.5"), ("1.7", "4.1"), ("2.2", "3.3"), ("1.9", "3.4"), ("2.05", "4.5")])
def test_edges_are_where_sound_begins_and_ends(film, cue):
    """However the cue is timed: a breath is kept before the voice, a little room after it, and all of it."""
    (voice,) = voices_of(film, [cue])
    assert 2.0 - 0.06 <= voice.source.start / RATE <= 2.0
    assert 3.5 <= voice.source.end / RATE <= 3.5 + 0.12


def test_lines_are_brought_to_one_loudness(film):
    loud, soft = voices_of(film, [("2", "3.5"), ("6", "8")], loudness=-20.0)
    assert soft.gain - loud.gain == pytest.approx(20, abs=3)
    said = syllables(1.5, 1)
    expected = -20 - integrated_loudness(np.stack([said, said], 1).astype(np.float32), RATE)
    assert loud.gain == pytest.approx(expected, abs=0.7)


def test_gain_has_an_end(film):
    assert voices_of(film, [("6", "8")], loudness=0.0)[0].gain == 20


def test_where_nothing_is_heard_there_is_no_voice(film):
    assert voices_of(film, [("10", "12"), ("19.9", "25"), ("30", "31")]) == [None, None, None]
    assert voices_of(replace(film, has_audio=False), [("2", "3.5")]) == [None]


def test_a_line_stays_inside_the_film(tmp_path):
    film = speech_film(tmp_path, [(0.0, syllables(1.5, 1)), (18.6, syllables(1.4, 2))], 20)
    first, last = voices_of(film, [("0", "1.5"), ("18.6", "20.5")])
    assert first.source.start == 0 and last.source.end <= 20 * RATE


def test_over_music_it_is_cut_at_a_quiet_moment_near_the_cue(tmp_path):
    """Without silence nothing is found out, and the cue is nearly kept."""
    film = speech_film(tmp_path, [(2.0, syllables(1.5, 1))], 20, bed=0.4)
    (voice,) = voices_of(film, [("2", "3.5")])
    assert abs(voice.source.start / RATE - 2.0) < 0.4
    assert abs(voice.source.end / RATE - 3.5) < 0.4


@pytest.mark.parametrize("bed", [0.04, 0.06, 0.08])
def test_no_word_is_lost_over_music_that_hardly_leaves_the_voice_its_place(tmp_path, bed):
    """A soft last word stands a few dB over the music; the cue leaves room for readers at both ends."""
    said = syllables(1.5, 1)
    said[-int(0.45 * RATE) :] *= 0.4
    film = speech_film(tmp_path, [(2.0, said)], 20, bed=bed)
    (voice,) = voices_of(film, [("1.8", "3.8")])
    assert voice.source.start / RATE <= 2.02
    assert voice.source.end / RATE >= 3.42


def test_neighbours_speech_is_not_taken_in(tmp_path):
    said = [(1.0, syllables(1.8, 4)), (3.0, syllables(1.5, 5)), (4.7, syllables(1.5, 6))]
    film = speech_film(tmp_path, said, 20)
    (voice,) = voices_of(film, [("3.0", "4.5")])
    assert 2.8 < voice.source.start / RATE <= 3.0
    assert 4.5 <= voice.source.end / RATE < 4.7
