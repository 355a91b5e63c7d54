"""Music under lines: how far it falls, when it comes back, and that nothing clicks or is lost on the way."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from counterfilm import make_plan
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import wavfile
from scipy.signal import butter, sosfiltfilt
from speech import RATE, speech_film, syllables

from trailergen.audio.ducking import music_levels, presence
from trailergen.audio.mix import mix
from trailergen.audio.stems.lines import LinesFacts, lines_sound
from trailergen.audio.stems.stem import Sources
from trailergen.audio.wav import stem_paths, write_stems
from trailergen.plans import Ducking, Line, Narration, Sound, span

SECONDS = 10
SAID = syllables(1.5, 1)
DUCKING = Ducking(depth=14, attack=0.3, release=0.6)


def line(source: float, record: float, seconds: float, name: str = "l0", gain: float = 0.0) -> Line:
    first, at, length = (round(value * RATE) for value in (source, record, seconds))
    return Line(id=name, text="said", source=span(first, first + length), record=span(at, at + length), gain=gain)


def planned(lines: list[Line], **sound: object):
    plan = make_plan([(0, 24 * SECONDS)], frames=24 * 20)
    return plan.model_copy(
        update={
            "sound": Sound(**{"film": "lines", "loudness": None, "ducking": DUCKING, **sound}),
            "narration": Narration(lines=lines),
        }
    )


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    said = [(2.0, SAID), (6.0, syllables(2.0, 2))]
    return speech_film(tmp_path_factory.mktemp("film"), said, 20, bed=0.0)


@pytest.fixture(scope="module")
def music(tmp_path_factory) -> Path:
    """A tone far above the voices, so that a band tells them apart."""
    path = tmp_path_factory.mktemp("music") / "music.wav"
    tone = 0.1 * np.sin(2 * np.pi * 9000 * np.arange(RATE * 12) / RATE)
    wavfile.write(path, RATE, np.stack([tone, tone], 1).astype(np.float32))
    return path


def tone_level(sound: np.ndarray, at: float, seconds: float = 0.2) -> float:
    """Level of the music's tone in dB, around a second of the trailer."""
    heard = sosfiltfilt(butter(2, [8900, 9100], "band", fs=RATE, output="sos"), sound[:, 0].astype(np.float64))
    part = heard[round((at - seconds / 2) * RATE) : round((at + seconds / 2) * RATE)]
    return float(20 * np.log10(np.sqrt(np.mean(part**2))))


def test_lines_stand_at_their_samples(film):
    lines = [line(2.0, 1.25, 1.5, "a"), line(6.0, 5.001, 2.0, "b", gain=-6)]
    facts = LinesFacts.of(planned(lines))
    assert facts
    sound = lines_sound(facts, Sources(Path("music.wav"), film))[:, 0]
    inner = slice(480, round(1.5 * RATE) - 1920)
    np.testing.assert_allclose(sound[round(1.25 * RATE) :][inner], SAID[inner], atol=2e-4)
    there = sound[round(5.001 * RATE) :][inner]
    np.testing.assert_allclose(there, 10 ** (-6 / 20) * syllables(2.0, 2)[inner], atol=2e-4)
    assert not sound[: round(1.25 * RATE)].any() and not sound[round(7.001 * RATE) :].any()


def test_no_lines_where_the_plan_wants_none():
    assert LinesFacts.of(planned([line(2.0, 1.0, 1.5)], film="none")) is None


def test_music_falls_by_the_stated_depth_and_comes_back(film, music):
    sound = mix(planned([line(2.0, 4.0, 1.5)]), music, film).sum()
    before, under, after = (tone_level(sound, at) for at in (3.0, 4.75, 7.0))
    assert before - under == pytest.approx(14, abs=0.3)
    assert after == pytest.approx(before, abs=0.1)
    assert tone_level(sound, 3.85, 0.02) == pytest.approx(before - 7, abs=1), "half-way through the attack"
    assert tone_level(sound, 5.8, 0.02) == pytest.approx(before - 7, abs=1), "half-way through the release"
    assert tone_level(sound, 3.65, 0.05) == pytest.approx(before, abs=0.2), "not before the attack"


def test_without_lines_to_hear_nothing_falls(film, music):
    heard = mix(planned([line(2.0, 4.0, 1.5)], film="none"), music, film).sum()
    assert tone_level(heard, 4.75) == pytest.approx(tone_level(heard, 2.0), abs=0.05)


def test_the_clips_own_sound_makes_way_for_lines(film, music):
    """The clip speaks from 6 to 8 s, the line from elsewhere begins at 6.5 s."""
    stems = mix(planned([line(2.0, 6.5, 1.5)], film="full"), music, film)
    assert np.abs(stems["film"][round(6.05 * RATE) : round(6.15 * RATE)]).max() > 0.1
    assert not stems["film"][round(6.5 * RATE) : round(8.0 * RATE)].any()
    assert np.abs(stems["lines"][round(6.55 * RATE) : round(7.9 * RATE)]).max() > 0.1


@pytest.mark.parametrize("film_audio", ["none", "lines", "low", "full"])
def test_stems_sum_to_the_mix(film, music, tmp_path, film_audio):
    plan = planned([line(2.0, 4.0, 1.5), line(6.0, 7.2, 2.0, "b")], film=film_audio, loudness=-16.0)
    stems = mix(plan, music, film)
    write_stems(stems, tmp_path / "trailer.mp4")
    read = [wavfile.read(path) for path in stem_paths(tmp_path / "trailer.mp4")]
    assert {rate for rate, _ in read} == {RATE}
    assert {samples.shape for _, samples in read} == {(SECONDS * RATE, 2)}
    apart = np.abs(sum(samples.astype(np.float64) for _, samples in read) - stems.sum()).max()
    assert apart < 10 ** (-80 / 20)


@st.composite
def ranges(draw):
    edges = sorted(draw(st.lists(st.integers(0, 480_000), min_size=2, max_size=10, unique=True)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@given(ranges(), st.floats(0.01, 3), st.floats(0.01, 3), st.floats(0, 60))
def test_the_music_is_down_under_every_line_and_never_jumps(places, attack, release, depth):
    lines = [
        Line(id=str(n), text="x", source=span(0, end - start), record=span(start, end))
        for n, (start, end) in enumerate(places)
    ]
    plan = planned(lines, ducking=Ducking(depth=depth, attack=attack, release=release))
    points = presence(plan)
    at, said = zip(*points, strict=True)
    assert all(before < after for before, after in pairwise(at)) and at[0] >= 0 and at[-1] <= 480_000
    there = np.interp(np.arange(480_000), at, said)
    assert there.min() >= 0 and there.max() <= 1
    for start, end in places:
        assert (there[start:end] == 1).all()
    assert np.abs(np.diff(there)).max() <= 1 / (min(attack, release) * RATE - 1)
    levels = music_levels(plan)
    assert not depth or [level for _, level in levels] == [pytest.approx(-depth * value, abs=1e-3) for value in said]
