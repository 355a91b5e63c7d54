"""The trailer is as loud as the plan says, measured by ffmpeg's own meter."""

from __future__ import annotations

import json
import math
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from counterfilm import make_plan
from numpy.typing import NDArray
from scipy.io import wavfile

from trailergen.audio.limiter import level_curve
from trailergen.audio.loudness import gain_to, integrated_loudness, peaks_around, true_peak
from trailergen.audio.measured import Measured, missed
from trailergen.audio.mix import mix, mix_facts
from trailergen.errors import UsageError
from trailergen.media.ffmpeg import find_ffmpeg
from trailergen.media.probe import FilmInfo
from trailergen.plans import Plan, Sound, dump_plan
from trailergen.settings.tree import Settings

RATE = 48_000


def music(seconds: float = 6.0, level: float = 0.2) -> NDArray[np.float32]:
    """Noise through which beats go, unlike on both sides."""
    rng = np.random.default_rng(0)
    time = np.arange(round(seconds * RATE)) / RATE
    beats = (0.2 + np.exp(-8 * (time % 0.5)))[:, None]
    tones = np.stack([np.sin(2 * np.pi * 220 * time), np.sin(2 * np.pi * 331 * time)], axis=1)
    return (level * beats * (tones + 0.3 * rng.normal(size=(len(time), 2)))).astype(np.float32)


def measured(path: Path) -> tuple[float, float]:
    """LUFS and dBTP by ffmpeg's ebur128."""
    command = [
        find_ffmpeg(),
        "-hide_banner",
        "-nostats",
        "-i",
        str(path),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr.rpartition("Summary:")[2]
    loudness, peak = re.search(r"I:\s+(\S+) LUFS", said), re.search(r"Peak:\s+(\S+) dBFS", said)
    assert loudness and peak
    return float(loudness[1]), float(peak[1])


def planned(loudness: float | None, seconds: int = 6) -> Plan:
    plan = make_plan([(0, 24 * seconds)], frames=24 * seconds + 10)
    return plan.model_copy(update={"sound": Sound(loudness=loudness)})


def soundtrack_of(folder: Path, samples: NDArray[np.float32], plan: Plan) -> NDArray[np.float32]:
    wavfile.write(folder / "music.wav", RATE, samples)
    return mix(plan, folder / "music.wav", cast(FilmInfo, SimpleNamespace(has_audio=False))).sum()


@pytest.mark.parametrize("level", [0.5, 0.05, 0.002])
def test_loudness_and_peak_are_those_of_another_meter(tmp_path: Path, level: float) -> None:
    wavfile.write(tmp_path / "music.wav", RATE, music(level=level))
    loudness, peak = measured(tmp_path / "music.wav")
    assert integrated_loudness(music(level=level), RATE) == pytest.approx(loudness, abs=0.15)
    assert 20 * math.log10(true_peak(music(level=level))) == pytest.approx(peak, abs=0.3)


def test_a_peak_between_samples_is_seen_wherever_it_lies() -> None:
    time = np.arange(600_000)
    wave = np.sin(np.pi / 2 * time + np.pi / 4).astype(np.float32)[:, None]
    assert np.abs(wave).max() == pytest.approx(2**-0.5, abs=1e-3)
    assert true_peak(wave[1000:9000]) == pytest.approx(1, abs=0.05)
    quiet = np.zeros((600_000, 1), np.float32)
    for start in (0, 262_140, 262_144, 599_000):
        one = quiet.copy()
        one[start : start + 900] = wave[start : start + 900]
        assert true_peak(one) == pytest.approx(true_peak(wave[:900]), rel=0.05)


@pytest.mark.parametrize("wanted", [-14.0, -23.0, -30.0])
def test_the_soundtrack_has_the_loudness_of_the_plan(tmp_path: Path, wanted: float) -> None:
    steady = np.tanh(4 * music(level=0.3)).astype(np.float32) * 0.3  # peaks near its loudness, as mastered music has
    sound = soundtrack_of(tmp_path, steady, planned(wanted))
    wavfile.write(tmp_path / "trailer.wav", RATE, sound)
    loudness, peak = measured(tmp_path / "trailer.wav")
    assert loudness == pytest.approx(wanted, abs=0.5)
    assert peak <= -0.9


def test_peaks_keep_music_softer_than_asked(tmp_path: Path) -> None:
    clicks = music(level=0.01)
    clicks[RATE::RATE] = 0.9
    sound = soundtrack_of(tmp_path, clicks, planned(-6.0))
    wavfile.write(tmp_path / "trailer.wav", RATE, sound)
    loudness, peak = measured(tmp_path / "trailer.wav")
    assert loudness < -20
    assert peak == pytest.approx(-1, abs=0.3)
    gain = sound[RATE // 2, 0] / clicks[RATE // 2, 0]
    np.testing.assert_allclose(sound[300:-300], clicks[300 : len(sound) - 300] * gain, atol=1e-6)


def test_silence_and_less_than_a_block_stay_as_they_are(tmp_path: Path) -> None:
    silence = np.zeros((6 * RATE, 2), np.float32)
    assert integrated_loudness(silence, RATE) == -math.inf
    assert gain_to(silence, RATE, -14, -1) == 1
    assert not soundtrack_of(tmp_path, silence, planned(-14.0)).any()
    assert gain_to(music(0.2), RATE, -14, -1) == 1


def peaky() -> NDArray[np.float32]:
    """Music whose clicks stand far above it."""
    sound = music(level=0.05)
    sound[RATE // 2 :: RATE // 2] = 0.9
    return sound


@pytest.mark.parametrize("wanted", [-14.0, -18.0])
def test_a_limiter_reaches_what_peaks_forbid(tmp_path: Path, wanted: float) -> None:
    plan = planned(wanted)
    soft = soundtrack_of(tmp_path, peaky(), plan)
    limited = plan.model_copy(update={"sound": Sound(loudness=wanted, limit=True)})
    sound = soundtrack_of(tmp_path, peaky(), limited)
    wavfile.write(tmp_path / "trailer.wav", RATE, sound)
    loudness, peak = measured(tmp_path / "trailer.wav")
    assert integrated_loudness(soft, RATE) < wanted - 2
    assert loudness == pytest.approx(wanted, abs=0.3)
    assert peak <= -0.8


def test_a_limiter_that_has_nothing_to_do_changes_nothing(tmp_path: Path) -> None:
    steady = np.tanh(4 * music(level=0.3)).astype(np.float32) * 0.3
    plan = planned(-23.0)
    limited = plan.model_copy(update={"sound": Sound(loudness=-23.0, limit=True)})
    np.testing.assert_allclose(
        soundtrack_of(tmp_path, steady, limited), soundtrack_of(tmp_path, steady, plan), rtol=1e-5, atol=1e-7
    )
    assert not soundtrack_of(tmp_path, np.zeros((6 * RATE, 2), np.float32), limited).any()


def test_the_level_falls_before_a_peak_and_comes_back_after_it() -> None:
    peaks = np.full(RATE, 0.1, np.float32)
    peaks[20_000] = 1.0
    curve = level_curve(peaks, RATE, 0.5)
    assert len(curve) == len(peaks) and curve[20_000] == pytest.approx(0.5, abs=0.01)
    assert curve[19_000] == 1 and 0.5 < curve[22_000] < 1 and curve[40_000] == pytest.approx(1, abs=1e-3)
    assert (np.diff(curve[19_800:20_000]) <= 0).all()


def test_peaks_around_samples_are_those_of_the_true_peak() -> None:
    sound = music(12.0, 0.4)
    assert peaks_around(sound).max() == pytest.approx(true_peak(sound), rel=1e-4)
    assert (peaks_around(sound) >= np.abs(sound).max(axis=1)).all()


def test_what_is_missed_is_told_with_the_reason() -> None:
    wanted = Sound(loudness=-14.0)
    assert missed(wanted, Measured(-14.4, -1.0)) is None and missed(wanted, Measured(-13.0, -1.0)) is None
    assert missed(Sound(), Measured(-30.0, -1.0)) is None and missed(wanted, Measured(-math.inf, -math.inf)) is None
    told = missed(wanted, Measured(-16.12, -0.93))
    assert told and "-16.1 LUFS at -0.9 dBTP, not -14 LUFS" in told and "true peak" in told and "--limit" in told
    limited = missed(Sound(loudness=-14.0, limit=True), Measured(-16.12, -0.93))
    assert limited and "--limit" not in limited


def test_a_limiter_is_part_of_the_sound_and_of_a_plan_only_where_it_is_asked_for() -> None:
    plan = planned(-14.0)
    limited = plan.model_copy(update={"sound": Sound(loudness=-14.0, limit=True)})
    assert mix_facts(plan) != mix_facts(limited)
    assert "limit" not in json.loads(dump_plan(plan))["sound"] and json.loads(dump_plan(limited))["sound"]["limit"]
    assert "limit" not in Settings().to_provenance() and Settings().changed(limit=True).to_provenance()["limit"]
    with pytest.raises(UsageError, match="needs a loudness"):
        Settings().changed(limit=True, loudness="off")
