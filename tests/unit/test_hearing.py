"""What is heard of a film: the speech detector itself, sound placed by its time, and both in a film's one decode."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
import torch
from av.audio.frame import AudioFrame
from counterfilm import make_variable_film
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.torch import save_file
from speech import speech_film, spoken

from trailergen.errors import WeightsError
from trailergen.media.ffmpeg import run
from trailergen.media.probe import probe_film
from trailergen.runtime.threads import quiet_thread
from trailergen.shots import stored
from trailergen.shots.analysis import analyse_film
from trailergen.shots.silero import RATE, SILERO, WINDOW, Silero, VoiceActivityDetector, load_silero, read_silero
from trailergen.shots.sound import STEP_S, SoundActivity
from trailergen.shots.voice_activity import SoundResampler, VoiceActivityGatherer
from trailergen.weights import find_weights


@pytest.fixture(scope="module")
def silero() -> Silero:
    return load_silero()


@pytest.fixture(scope="module")
def tones() -> NDArray[np.float32]:
    """Three seconds of a hoarse voice's overtones, which come and go: (94, 512)."""
    rng, time = np.random.default_rng(3), np.arange(94 * WINDOW) / RATE
    voice = sum(np.sin(2 * np.pi * 140 * k * time + k) / k for k in range(1, 20))
    sound = 0.1 * voice * np.maximum(0, np.sin(2 * np.pi * 2 * time)) + rng.normal(0, 0.003, time.size)
    return sound.reshape(-1, WINDOW).astype(np.float32)


def test_windows_pushed_together_are_what_the_packages_own_network_says_one_by_one(tones: NDArray[np.float32]) -> None:
    """The package has other weights in its TorchScript, for the same network."""
    theirs = torch.jit.load(find_weights(SILERO).path.with_name("silero_vad.jit"))
    parts = {"_model.stft.forward_basis_buffer": "stft_conv.weight"}
    for kind in ("weight", "bias"):
        parts |= {f"_model.encoder.{k}.reparam_conv.{kind}": f"conv{k + 1}.{kind}" for k in range(4)}
        parts |= {f"_model.decoder.rnn.{kind}_{way}": f"lstm_cell.{kind}_{way}" for way in ("ih", "hh")}
        parts[f"_model.decoder.decoder.2.{kind}"] = f"final_conv.{kind}"
    weights = theirs.state_dict()
    ours = VoiceActivityDetector(Silero({name: weights[part] for part, name in parts.items()})).push(tones)
    with torch.inference_mode():
        one_by_one = np.array([theirs(torch.from_numpy(window[None]), RATE).item() for window in tones])
    assert one_by_one.max() > 0.5 > one_by_one.min()
    assert np.abs(ours - one_by_one).max() < 1e-4


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_how_windows_come_changes_nothing(silero: Silero, steps: list[int]) -> None:
    windows = np.random.default_rng(0).normal(0, 0.1, (sum(steps), WINDOW)).astype(np.float32)
    detector, at = VoiceActivityDetector(silero), np.cumsum([0, *steps])
    some = [detector.push(windows[first:last]) for first, last in pairwise(at)]
    assert np.allclose(np.concatenate(some), VoiceActivityDetector(silero).push(windows), atol=1e-5)


def test_weights_that_are_others_are_refused(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, tmp_path / "others.safetensors")
    with pytest.raises(WeightsError):
        read_silero(tmp_path / "others.safetensors")


def heard(silero: Silero, stretches: list[tuple[int, NDArray[np.float32]]], seconds: float) -> SoundActivity:
    with quiet_thread() as thread:
        gatherer = VoiceActivityGatherer(silero, thread)
        for first, samples in stretches:
            gatherer.push(first, samples)
        return gatherer.finish(seconds)


def noise(samples: int) -> NDArray[np.float32]:
    return np.random.default_rng(samples).normal(0, 0.1, samples).astype(np.float32)


def test_sound_stands_where_its_time_is(silero: Silero) -> None:
    """It begins before the picture, leaves two seconds out, repeats itself, and is longer than the film."""
    stretches = [(-WINDOW, noise(3 * WINDOW)), (2 * RATE, noise(10 * WINDOW)), (2 * RATE, noise(20 * WINDOW))]
    level = heard(silero, [*stretches, (3 * RATE, noise(4 * RATE))], 4.0).level
    assert len(level) == 125  # of 512 / 16,000 s
    assert (level[:2] > -25).all()
    assert (level[2:62] == -100).all()
    assert (level[63:82] > -25).all()  # 62.5, and 20 windows from there
    assert (level[83:93] == -100).all()
    assert (level[94:] > -25).all()


def test_a_short_gap_is_silence_in_between(silero: Silero) -> None:
    level = heard(silero, [(0, noise(10 * WINDOW)), (15 * WINDOW, noise(10 * WINDOW))], 0.8).level
    assert (level > -25).tolist() == [*[True] * 10, *[False] * 5, *[True] * 10]


def test_a_clock_that_jumps_a_year_costs_nothing(silero: Silero) -> None:
    level = heard(silero, [(0, noise(RATE)), (31_536_000 * RATE, noise(RATE))], 2.0).level
    assert (level[:31] > -25).all()
    assert (level[32:] == -100).all()


def test_no_sound_is_nothing_heard(silero: Silero) -> None:
    activity = heard(silero, [], 2.0)
    assert activity.level.shape == activity.speech.shape == (0,)


def frame(samples: NDArray[np.float32], rate: int) -> AudioFrame:
    made = AudioFrame.from_ndarray(np.stack([samples, samples]), "fltp", "stereo")
    made.sample_rate = rate
    return made


def test_frames_are_placed_anew_when_their_time_is_not_what_was_expected() -> None:
    resampler = SoundResampler()
    tone = np.full(4800, 0.25, np.float32)
    stretches = [*resampler.push(frame(tone, 48_000), 0.5), *resampler.push(frame(tone, 48_000), 0.604)]
    stretches += [*resampler.push(frame(tone, 48_000), 1.0), *resampler.finish()]
    places = np.concatenate([first + np.arange(len(samples)) for first, samples in stretches])
    runs = np.split(places, np.flatnonzero(np.diff(places) != 1) + 1)
    assert [(run[0], len(run)) for run in runs] == [
        (8000, pytest.approx(3200, abs=2)),
        (16000, pytest.approx(1600, abs=2)),
    ]
    sound = np.concatenate([samples for _, samples in stretches])
    assert np.median(sound) == pytest.approx(0.25 * np.sqrt(2), abs=0.001)  # a mix keeps power


def test_a_film_without_sound_is_heard_as_nothing(tmp_path: Path) -> None:
    activity = analyse_film(probe_film(make_variable_film(tmp_path / "silent.mkv", range(0, 2000, 40)))).sound
    assert len(activity.level) == len(activity.speech) == 0


def test_a_film_is_heard_along_its_time(tmp_path: Path) -> None:
    """Sound of 44.1 kHz that begins a second after the picture."""
    picture = ffmpeg.input("testsrc=size=96x54:rate=24:duration=4", format="lavfi")
    tone = ffmpeg.input("sine=frequency=400:sample_rate=44100:duration=2", format="lavfi", itsoffset=1)
    run(ffmpeg.output(picture.video, tone.audio, str(tmp_path / "late.mkv"), preset="ultrafast"))
    analysis = analyse_film(probe_film(tmp_path / "late.mkv"))
    activity = analysis.sound
    assert len(activity.level) == len(activity.speech) == 125
    loud = np.flatnonzero(activity.level > -40) * STEP_S
    assert loud[0] == pytest.approx(1.0, abs=0.07)
    assert loud[-1] == pytest.approx(3.0, abs=0.07)
    assert (activity.speech < 0.5).all()
    again = stored.from_entry(stored.to_entry(analysis)).sound
    assert np.array_equal(again.level, activity.level)
    assert np.array_equal(again.speech, activity.speech)


def test_speech_is_told_from_a_tone(tmp_path: Path) -> None:
    voice = spoken(tmp_path, "Nobody has come back from that mountain. We will be the first.")
    film = speech_film(tmp_path, [(1.5, voice)], 8.0, bed=0.01)
    speech = analyse_film(film).sound.speech
    at = np.arange(len(speech)) * STEP_S
    during = (at > 1.7) & (at < 1.3 + len(voice) / 48_000)
    assert speech[during].mean() > 0.6
    assert speech[(at < 1.3) | (at > 2.0 + len(voice) / 48_000)].max() < 0.5
