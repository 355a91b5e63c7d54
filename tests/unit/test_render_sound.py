from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import ffmpeg
import numpy as np
import pytest
from counterfilm import make_plan
from scipy.io import wavfile
from scipy.signal import butter, correlate, sosfilt

from trailergen.audio.mix import mix
from trailergen.audio.stems.film import FilmFacts, film_sound
from trailergen.audio.stems.stem import Sources
from trailergen.errors import InputError
from trailergen.media.ffmpeg import run
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.plans import Plan, Sound

RATE = 48_000
SILENT = SimpleNamespace(has_audio=False)
PEAK = 10 ** (-1 / 20)


def soundtrack_of(tmp_path, samples, plan):
    path = tmp_path / "music.wav"
    wavfile.write(path, plan.music.sample_rate, np.asarray(samples, np.float32))
    return mix(plan, path, SILENT).sum()


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


def film_with_sound(tmp_path, samples, seconds, rate="24000/1001", codec="aac", offset=0.0, without="0"):
    """A film whose sound is given at 48 kHz, both beginning ``offset`` seconds into the file.

    Packets for which the expression ``without`` holds are missing.
    """
    wavfile.write(tmp_path / "film.wav", RATE, np.asarray(samples, np.float32))
    picture = ffmpeg.input(f"testsrc=size=64x36:rate={rate}:duration={seconds}", format="lavfi")
    sound = ffmpeg.input(str(tmp_path / "film.wav")).audio.filter("aselect", f"not({without})")
    path = tmp_path / "film.mkv"
    graph = ffmpeg.output(
        picture.video, sound, str(path), acodec=codec, preset="ultrafast", output_ts_offset=offset, g=48
    )
    run(graph)
    return probe_film(path)


def heard_clips(plan: Plan, film: FilmInfo) -> np.ndarray:
    facts = FilmFacts.of(plan)
    assert facts
    return film_sound(facts, Sources(Path("music.wav"), film))


@pytest.mark.parametrize(("codec", "offset"), [("aac", 0.0), ("pcm_s16le", 0.0), ("aac", 3.5), ("flac", 3.5)])
def test_clips_bring_their_own_sound_at_their_pictures(tmp_path, codec, offset):
    rng = np.random.default_rng(1)
    noise = np.clip(sosfilt(butter(4, [200, 6000], "band", fs=RATE, output="sos"), rng.normal(size=RATE * 40)), -3, 3)
    film = film_with_sound(tmp_path, 0.1 * np.stack([noise, noise], 1), 40, codec=codec, offset=offset)
    rate = Fraction(24000, 1001)
    starts = rng.permutation(np.arange(5, 900, 6))[:150]
    plan = make_plan([(int(at), int(at) + 5) for at in starts], frames=950, rate=rate)
    plan = plan.model_copy(update={"sound": Sound(film="full")})
    sound = heard_clips(plan, film)
    assert len(sound) == round(plan.sequence.frames / rate * RATE)
    for position in plan.positions:
        first, there = (round(frames / rate * RATE) for frames in (position.record.start, position.source.start))
        heard, wanted = sound[first + 400 : first + 8000, 0], 0.1 * noise[there + 400 - 480 : there + 8000 + 480]
        lag = int(np.argmax(correlate(wanted, heard, "valid"))) - 480
        assert abs(lag) <= 48, "within a millisecond, at the 150th cut too"
        assert np.abs(sound[first]).max() < 1e-3 and np.abs(sound[first - 1]).max() < 1e-3
    quiet = heard_clips(plan.model_copy(update={"sound": Sound(film="low")}), film)
    np.testing.assert_allclose(quiet, sound * np.float32(10 ** (-15 / 20)), atol=1e-6)
    assert FilmFacts.of(plan.model_copy(update={"sound": Sound()})) is None


def test_a_gap_in_the_films_sound_is_silence_and_what_follows_is_in_time(tmp_path):
    time = np.arange(6 * RATE) / RATE
    rising = np.stack([time / 10, time / 10], 1)  # each sample tells when it is
    film = film_with_sound(tmp_path, rising, 6, rate="24", codec="pcm_s16le", without="between(t,2,3)")
    plan = make_plan([(24, 120)], frames=150)
    plan = plan.model_copy(update={"sound": Sound(film="full")})
    sound = heard_clips(plan, film)[:, 0]
    packet = 4096  # the filter drops whole packets
    before, gap, after = (
        slice(300, RATE - packet),
        slice(RATE + packet, 2 * RATE - packet),
        slice(2 * RATE + packet, -300),
    )
    for part in (before, after):
        np.testing.assert_allclose(sound[part], (time[: len(sound)] + 1)[part] / 10, atol=2e-4)
    assert not sound[gap].any()


def test_where_the_films_sound_has_ended_the_music_is_heard_alone(tmp_path):
    film = film_with_sound(tmp_path, np.full((RATE, 2), 0.2), 6, rate="24", codec="pcm_s16le")
    plan = make_plan([(0, 48), (72, 120)], frames=150)
    plan = plan.model_copy(update={"sound": Sound(film="full")})
    music = tmp_path / "music.wav"
    wavfile.write(music, RATE, np.full((RATE * 5, 2), 0.1, np.float32))
    both = mix(plan, music, film).sum()
    assert both[RATE // 2, 0] == pytest.approx(0.3, abs=0.01)
    assert np.abs(both[RATE + 300 : -300] - 0.1).max() < 1e-6
