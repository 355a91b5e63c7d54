"""Onsets and segments: where they are, how long, and what decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import RATE, beats, clicks, hit, noise, silence, tone, track

from trailergen.errors import UsageError
from trailergen.music.changes import change_at, change_salience
from trailergen.music.onsets import analyse
from trailergen.music.segments import segment_boundaries

PARTS = st.one_of(
    st.builds(clicks, st.floats(0.5, 8), st.sampled_from([47.0, 90.0, 128.0, 200.0, 480.0]), st.floats(0.01, 1)),
    st.builds(noise, st.floats(0.5, 8), st.floats(0.001, 0.3), st.integers(0, 9)),
    st.builds(tone, st.floats(0.5, 8), st.floats(0.001, 0.9), st.floats(50, 5_000)),
    st.builds(hit, st.floats(0.5, 8)),
    st.builds(silence, st.floats(0.5, 5)),
)


def distances(positions: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """From each position to the nearest mark, seconds."""
    return np.abs(np.asarray(positions)[:, None] - np.asarray(marks)).min(axis=1) / RATE


@pytest.mark.parametrize("bpm", [60, 120, 180])
def test_an_onset_for_every_click_and_no_other(bpm: int) -> None:
    sound = analyse(track(silence(0.3), clicks(10, bpm)), RATE)
    clicked = beats(10, bpm) + round(0.3 * RATE)
    assert len(sound.onsets) == len(clicked)
    assert np.abs(sound.onsets - clicked).max() <= 0.01 * RATE
    assert sound.weights.min() > 0.9


def test_level_is_root_mean_square_of_all_channels() -> None:
    half = np.hstack([track(tone(1, 0.5)), track(silence(1))])
    assert analyse(half, RATE).level[100] == pytest.approx(20 * np.log10(0.5 / 2), abs=0.1)
    assert analyse(track(silence(1)), RATE).level.max() == pytest.approx(-120)


def test_nothing_begins_in_a_tone_and_in_silence() -> None:
    assert len(analyse(track(tone(5)), RATE).onsets) == 0
    assert len(analyse(track(silence(5)), RATE).onsets) == 0


def test_recording_level_and_channels_do_not_matter() -> None:
    music = track(clicks(6, 100), noise(3), hit(3))
    reference = analyse(music, RATE)
    for other in (music / 50, np.hstack([music, music]), np.hstack([music, -music])):
        heard = analyse(other, RATE)
        assert np.array_equal(heard.onsets, reference.onsets)
        assert np.allclose(heard.weights, reference.weights, atol=1e-3)


def test_the_biggest_change_is_the_most_salient() -> None:
    sound = analyse(track(tone(6), clicks(10, 180)), RATE)
    salience = change_salience(sound, 2.0)
    assert salience.min() >= 0 and salience.max() == 1
    assert abs(int(salience.argmax()) - 60) <= 1
    assert change_at(sound, salience, np.array([6 * RATE]))[0] == 1


@pytest.mark.parametrize("bpm", [60, 100, 120, 140])
@pytest.mark.parametrize("cut_length", [1.5, 2.0, 4.0])
def test_cuts_fall_on_the_beat_at_the_length_asked_for(bpm: int, cut_length: float) -> None:
    sound = analyse(track(clicks(40, bpm)), RATE)
    boundaries = segment_boundaries(sound, 0, sound.length, cut_length)
    assert len(boundaries) - 1 == round(40 / cut_length)
    assert distances(boundaries[1:-1], beats(40, bpm)).max() <= 0.01


def test_fast_music_is_cut_faster_at_the_same_mean() -> None:
    sound = analyse(track(clicks(30, 70), clicks(30, 180)), RATE)
    boundaries = np.array(segment_boundaries(sound, 0, sound.length, 2.0)) / RATE
    lengths, middles = np.diff(boundaries), (boundaries[1:] + boundaries[:-1]) / 2
    assert lengths[middles > 30].mean() < 0.75 * lengths[middles < 30].mean()
    assert lengths.mean() == pytest.approx(2.0, abs=0.05)


def test_loud_music_is_cut_faster_than_calm() -> None:
    sound = analyse(track(clicks(20, 120, 0.02), clicks(20, 120, 0.8), clicks(20, 120, 0.02)), RATE)
    boundaries = np.array(segment_boundaries(sound, 0, sound.length, 2.0)) / RATE
    lengths, middles = np.diff(boundaries), (boundaries[1:] + boundaries[:-1]) / 2
    loud = (middles > 20) & (middles < 40)
    assert lengths[loud].mean() < 0.8 * lengths[~loud].mean()


def test_the_strong_beats_are_preferred() -> None:
    weak, strong = clicks(40, 120, 0.05), clicks(40, 30, 0.8)
    sound = analyse(track(weak + strong), RATE)
    boundaries = segment_boundaries(sound, 0, sound.length, 2.0)
    assert distances(boundaries[1:-1], beats(40, 30)).max() <= 0.01


def test_a_change_of_the_music_is_a_cut() -> None:
    sound = analyse(track(tone(7.3, 0.2, 300), tone(8.1, 0.2, 900), tone(6.6, 0.2, 500)), RATE)
    boundaries = segment_boundaries(sound, 0, sound.length, 2.0)
    assert distances(np.array([7.3, 15.4]) * RATE, np.array(boundaries)).max() <= 0.03


def test_music_without_onsets_is_cut_evenly() -> None:
    sound = analyse(track(tone(30)), RATE)
    lengths = np.diff(segment_boundaries(sound, 0, sound.length, 2.0)) / RATE
    assert len(lengths) == 15
    assert lengths.min() >= 1 and lengths.max() <= 3


def test_a_cut_length_longer_than_the_music_leaves_it_whole() -> None:
    sound = analyse(track(clicks(5, 120)), RATE)
    for cut_length in (20.0, 1e300, float("inf")):
        assert segment_boundaries(sound, 0, sound.length, cut_length) == [0, sound.length]


def test_a_part_of_a_track_is_cut_within_itself() -> None:
    sound = analyse(track(clicks(30, 120)), RATE)
    boundaries = segment_boundaries(sound, 7 * RATE + 5, 21 * RATE - 5, 2.0)
    assert (boundaries[0], boundaries[-1]) == (7 * RATE + 5, 21 * RATE - 5)
    assert distances(boundaries[1:-1], beats(30, 120)).max() <= 0.01


def test_two_seconds_are_one_segment() -> None:
    sound = analyse(track(clicks(2.1, 120)), RATE)
    assert segment_boundaries(sound, 0, sound.length, 2.0) == [0, sound.length]


@pytest.mark.parametrize("cut_length", [0.0, -1.0, 0.7, float("nan")])
def test_a_cut_length_without_room_is_refused(cut_length: float) -> None:
    sound = analyse(track(clicks(5, 120)), RATE)
    with pytest.raises(UsageError, match="too short"):
        segment_boundaries(sound, 0, sound.length, cut_length)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(parts=st.lists(PARTS, min_size=1, max_size=4), cut_length=st.floats(0.75, 6), skipped=st.floats(0, 0.4))
def test_limits_hold_for_any_music(parts: list[np.ndarray], cut_length: float, skipped: float) -> None:
    sound = analyse(track(silence(2.2), *parts), RATE)
    start = min(int(skipped * sound.length), sound.length - 2 * RATE)
    boundaries = segment_boundaries(sound, start, sound.length, cut_length)
    lengths = np.diff(boundaries) / RATE
    assert (boundaries[0], boundaries[-1]) == (start, sound.length)
    assert all(type(at) is int for at in boundaries)
    assert lengths.min() >= 0.5
    assert lengths.max() <= 2.5 * cut_length
    wanted = max(1, round((sound.length - start) / RATE / cut_length))
    assert wanted / 2 <= len(lengths) <= wanted
    assert segment_boundaries(sound, start, sound.length, cut_length) == boundaries
