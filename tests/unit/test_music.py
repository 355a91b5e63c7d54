"""The music stage as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sounds import RATE, beats, clicks, hit, silence, tone, track, write_wav

from trailergen.errors import InputError
from trailergen.music import STEPS, MusicAnalysis, analyse_music

MEDIA = Path(__file__).resolve().parents[2] / ".." / "shared" / "media" / "music"


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Silence 1 s, clicks at 90 to 21 s and at 150 to 41 s, a hit that dies away to 44 s, silence to 46 s."""
    music = track(silence(1), clicks(20, 90, 0.3), clicks(20, 150), hit(3), silence(2))
    return write_wav(tmp_path_factory.mktemp("music") / "score.wav", music)


def test_the_analysis_of_a_score(score: Path) -> None:
    ticks: list[float] = []
    music = analyse_music(score, tick=ticks.append)
    assert sum(ticks) == STEPS
    assert (music.sample_rate, music.length, music.fade_out) == (RATE, 46 * RATE, 0)
    assert music.start / RATE == pytest.approx(1, abs=0.03)
    assert 42 < music.end / RATE < 44
    assert (music.boundaries[0], music.boundaries[-1]) == (music.start, music.end)
    marks = np.concatenate([beats(20, 90) + RATE, beats(20, 150) + 21 * RATE, [41 * RATE]])
    inner = np.array(music.boundaries[1:-1])
    assert np.abs(inner[:, None] - marks).min(axis=1).max() <= 0.01 * RATE
    assert len(music.strengths) == len(music.loudness) == len(music.boundaries) - 1
    assert min(music.strengths) > 0.2
    assert max(music.loudness) < 0 and np.mean(music.loudness[-5:]) > np.mean(music.loudness[:5])


def test_peaks_draw_the_part(score: Path) -> None:
    music = analyse_music(score, length=20)
    assert music.peaks.shape == (2_000, 2) and music.peaks.dtype == np.float32
    assert (music.peaks[:, 0] <= music.peaks[:, 1]).all()
    assert music.peaks.max() > 0.5 > 0 > music.peaks.min()


def test_a_length_is_kept_and_ends_on_the_hit(score: Path) -> None:
    music = analyse_music(score, length=20)
    assert music.end - music.start == 20 * RATE
    assert music.end / RATE > 40.9 and music.fade_out == 0


def test_the_papers_segments(score: Path) -> None:
    music = analyse_music(score, segmentation="paper")
    seconds = (music.end - music.start) / RATE
    assert len(music.boundaries) - 1 == int(seconds / 2)
    assert (music.boundaries[0], music.boundaries[-1]) == (music.start, music.end)


def test_the_same_music_gives_the_same_analysis_and_survives_a_cache(score: Path) -> None:
    music = analyse_music(score, cut_length=3)
    facts, arrays = music.to_parts()
    again = MusicAnalysis.from_parts(json.loads(json.dumps(facts)), arrays)
    other, other_arrays = analyse_music(score, cut_length=3).to_parts()
    assert again.to_parts()[0] == facts == other
    assert np.array_equal(again.peaks, other_arrays["peaks"])


@pytest.mark.parametrize(("music", "reason"), [(track(clicks(1.5, 120)), "1.50 s"), (track(silence(9)), "0.00 s")])
def test_too_little_music_is_an_input_error(tmp_path: Path, music: np.ndarray, reason: str) -> None:
    with pytest.raises(InputError, match="too short") as caught:
        analyse_music(write_wav(tmp_path / "music.wav", music))
    assert reason in str(caught.value) and caught.value.hint


def test_music_of_two_seconds_is_one_position(tmp_path: Path) -> None:
    music = analyse_music(write_wav(tmp_path / "music.wav", track(tone(2.1))))
    assert music.boundaries == (0, round(2.1 * RATE))
