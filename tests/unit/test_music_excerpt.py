"""Which part of a track is used, and how it ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import RATE, clicks, hit, noise, silence, tone, track
from test_music_segments import PARTS

from trailergen.errors import InputError, UsageError
from trailergen.music.excerpt import Excerpt, choose_excerpt
from trailergen.music.onsets import analyse


def chosen(music: np.ndarray, length: float | None = None) -> Excerpt:
    return choose_excerpt(analyse(music, RATE), length)


def test_silence_at_the_ends_is_left_out_and_a_decay_needs_no_fade() -> None:
    part = chosen(track(silence(1.5), tone(8, 0.5), hit(4), silence(3)))
    assert part.start / RATE == pytest.approx(1.5, abs=0.03)
    # 50 dB down after 0.3 s * ln(10 ** 2.5) = 1.73 s, from a hit that is 6 dB louder than the tone.
    assert part.end / RATE == pytest.approx(11.2, abs=0.2)
    assert part.fade_out == 0


def test_music_that_stops_short_before_silence_is_not_faded() -> None:
    part = chosen(track(clicks(10, 120), tone(1), silence(0.5)))
    assert part.end / RATE == pytest.approx(11, abs=0.03)
    assert part.fade_out == 0


def test_music_broken_off_is_faded_for_a_second() -> None:
    assert chosen(track(tone(10))) == Excerpt(0, 10 * RATE, RATE)
    assert chosen(track(tone(2))).fade_out == RATE // 2


def test_the_part_ends_with_the_final_hit() -> None:
    # Loud music goes on after the hit, so that only the silence tells where a piece is complete.
    piece = [clicks(20, 120, 0.3), clicks(15, 120, 0.6), hit(3, 0.9, 0.2)]
    part = chosen(track(*piece, clicks(40, 120, 0.3) + noise(40, 0.05)), 30)
    assert 35.5 <= part.end / RATE <= 38.1
    assert part.fade_out == 0


def test_the_part_rises_to_the_climax() -> None:
    calm, climax = noise(60, 0.01, 1) + clicks(60, 120, 0.1), noise(20, 0.2, 2) + clicks(20, 120, 0.9)
    part = chosen(track(calm, climax, calm), 40)
    assert part.start / RATE < 60 < 75 < part.end / RATE
    assert part.end / RATE < 85


def test_the_length_is_met_to_the_sample() -> None:
    music = track(noise(60, 0.01, 1) + clicks(60, 120, 0.1), hit(3), noise(20, 0.2, 2) + clicks(20, 130, 0.9), hit(4))
    sound = analyse(music, RATE)
    for length in (2, 6.006, 10, 15, 29.97, 30, 33.3, 60, 80):
        part = choose_excerpt(sound, length)
        assert part.end - part.start == round(length * RATE)


def test_silence_after_the_music_and_then_before_it_fills_the_length() -> None:
    music = track(silence(2), tone(8, 0.5), hit(4), silence(3))
    whole = chosen(music)
    longer = chosen(music, 11)
    assert (longer.start, longer.end - longer.start, longer.fade_out) == (whole.start, 11 * RATE, 0)
    all_of_it = chosen(music, 16)
    assert all_of_it.end == len(music) and all_of_it.end - all_of_it.start == 16 * RATE
    assert chosen(music, 17.5) == whole


def test_the_part_starts_just_before_an_attack() -> None:
    sound = analyse(track(noise(30, 0.01) + clicks(30, 100), noise(40, 0.01) + clicks(40, 150, 0.9)), RATE)
    part = choose_excerpt(sound, 20)
    assert part.start in {0, *(sound.onsets - RATE // 100)}


def test_without_an_end_in_time_the_part_is_faded() -> None:
    part = chosen(track(tone(60)), 20)
    assert part.end - part.start == 20 * RATE
    assert part.fade_out == 2 * RATE


def test_music_shorter_than_asked_for_is_used_whole() -> None:
    music = track(clicks(20, 120))
    assert chosen(music, 60) == chosen(music)
    assert chosen(music, float("inf")) == chosen(music)


@pytest.mark.parametrize(
    "music", [track(clicks(1.9, 120)), track(silence(5)), track(silence(3), tone(1), silence(3)), track(silence(0.001))]
)
def test_too_little_music_is_an_input_error(music: np.ndarray) -> None:
    with pytest.raises(InputError, match="too short"):
        chosen(music)


@pytest.mark.parametrize("length", [0.0, -3.0, 1.9, float("nan")])
def test_too_short_a_trailer_is_a_usage_error(length: float) -> None:
    with pytest.raises(UsageError, match="too short"):
        chosen(track(clicks(5, 120)), length)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(parts=st.lists(PARTS, min_size=1, max_size=5), length=st.floats(2, 20))
def test_the_length_is_kept_for_any_music(parts: list[np.ndarray], length: float) -> None:
    sound = analyse(track(hit(2.5), *parts, hit(2.5)), RATE)
    whole, part = choose_excerpt(sound, None), choose_excerpt(sound, length)
    assert 0 <= whole.start < whole.end <= sound.length and 0 <= part.start < part.end <= sound.length
    assert 0 <= part.fade_out <= (part.end - part.start) / 3
    exact = round(length * RATE) <= sound.length
    assert part.end - part.start == (round(length * RATE) if exact else whole.end - whole.start)
    assert choose_excerpt(sound, length) == part
