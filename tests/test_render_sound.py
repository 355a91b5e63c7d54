from fractions import Fraction

import numpy as np
import pytest
from counterfilm import make_plan
from scipy.io import wavfile

from trailergen.errors import InputError
from trailergen.render.sound import soundtrack

RATE = 48_000
PEAK = 10 ** (-1 / 20)


def soundtrack_of(tmp_path, samples, plan):
    path = tmp_path / "music.wav"
    wavfile.write(path, plan.music.sample_rate, np.asarray(samples, np.float32))
    return soundtrack(plan, path)


def ramp(length):
    """Quiet samples that are all different."""
    return np.linspace(-0.005, 0.005, length)[:, None] * [1.0, -1.0]


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001)], ids=str)
def test_the_part_is_cut_at_its_samples_and_as_long_as_the_pictures(tmp_path, rate):
    plan = make_plan([(0, 37), (50, 61)], frames=100, rate=rate, music_start=1_234)
    music = ramp(200_000)
    sound = soundtrack_of(tmp_path, music, plan)
    length = round(48 / rate * RATE)
    assert sound.shape == (length, 2) and sound.dtype == np.float32
    np.testing.assert_allclose(sound, music[1_234 : 1_234 + length], atol=1e-7)


def test_what_is_missing_to_the_last_frame_is_silence(tmp_path):
    plan = make_plan([(0, 48)], frames=100)
    sound = soundtrack_of(tmp_path, ramp(96_000 - 1_500), plan)
    assert len(sound) == 96_000
    assert np.abs(sound[-1_500:]).max() == 0 and np.abs(sound[-1_501]).max() > 0


def test_music_that_ends_before_the_planned_part_is_refused(tmp_path):
    plan = make_plan([(0, 48)], frames=100)
    with pytest.raises(InputError, match="ends before"):
        soundtrack_of(tmp_path, ramp(90_000), plan)


def test_the_fade_is_where_the_plan_says(tmp_path):
    plan = make_plan([(0, 48)], frames=100, fade_out=24_000)
    sound = soundtrack_of(tmp_path, np.full((100_000, 2), 0.009), plan)
    assert (sound[:72_000] == np.float32(0.009)).all()
    assert sound[84_000, 0] == pytest.approx(0.009 * np.cos(np.pi / 4), rel=1e-3)
    assert np.abs(sound[-1]).max() < 1e-8
    assert (np.diff(sound[72_000:, 0]) <= 0).all()


def test_loud_ends_do_not_click_and_quiet_ones_are_left_alone(tmp_path):
    plan = make_plan([(0, 48)], frames=100)
    sound = soundtrack_of(tmp_path, np.full((96_000, 2), 0.5), plan)
    assert sound[0, 0] == 0 and sound[-1, 0] == 0
    assert (sound[240:-240] == 0.5).all()
    assert np.abs(np.diff(sound[:, 0])).max() < 0.01


def test_loud_music_is_turned_down_as_a_whole(tmp_path):
    plan = make_plan([(0, 48)], frames=100)
    music = ramp(96_000)
    music[40_000] = 2.0
    sound = soundtrack_of(tmp_path, music, plan)
    assert np.abs(sound).max() == pytest.approx(PEAK, rel=1e-6)
    np.testing.assert_allclose(sound, music * PEAK / 2, atol=1e-7)
