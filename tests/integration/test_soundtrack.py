"""A film that speaks at known times over known tones, and what is heard of it in the finished trailer."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
from llm_server import Reply, language_model
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import butter, correlate, sosfiltfilt
from sounds import clicks
from speech import spoken, syllables

from trailergen.audio.mix import mix
from trailergen.audio.wav import stem_paths
from trailergen.dialogue.subtitles.cues import read_subtitles
from trailergen.media.audio import read_audio
from trailergen.media.ffmpeg import file_url, find_ffmpeg, run
from trailergen.media.probe import probe_film
from trailergen.plans import Plan, read_plan

Cli = Callable[..., int]

RATE = 48_000
MUSIC_TONE = 14_000
"""Hertz; nobody speaks up there."""
SENTENCES = [
    "The river remembers every name.",
    "Nobody crosses the mountain twice.",
    "You promised me a lighthouse.",
    "The storm is coming, and so are they.",
    "We have until morning to find her.",
    "Tell the captain that I was wrong.",
    "There are no maps of this place.",
    "I never wanted to be the king.",
]
SPACING_S = 6


@dataclass(frozen=True)
class Made:
    """The trailer, its plan, and what was said in the film: voice and second by sentence."""

    trailer: Path
    plan: Plan
    said: dict[str, tuple[float, NDArray[np.float64]]]


def make_film(folder: Path, examples: Path, said: dict[str, tuple[float, NDArray[np.float64]]], rate: str) -> Path:
    """The example film's first minute at another rate, with other sound."""
    seconds = SPACING_S * len(SENTENCES) + 4
    time = np.arange(seconds * RATE) / RATE
    sound = 0.002 * np.sin(2 * np.pi * 3000 * time)
    for at, voice in said.values():
        sound[round(at * RATE) : round(at * RATE) + len(voice)] += 0.4 * voice
    wavfile.write(folder / "sound.wav", RATE, np.stack([sound, sound], 1).astype(np.float32))
    picture = ffmpeg.input(file_url(examples / "film.mp4"), t=seconds + 1).video.filter("scale", 320, 180)
    picture = picture.filter("setpts", f"N/({rate})/TB")
    heard = ffmpeg.input(file_url(folder / "sound.wav")).audio
    film = folder / "speaking.mkv"
    run(ffmpeg.output(picture, heard, file_url(film), r=rate, t=seconds, acodec="flac", preset="ultrafast", g=48))
    return film


def write_subtitles(path: Path, said: dict[str, tuple[float, NDArray[np.float64]]]) -> None:
    """As subtitles are: up a little before the voice, and longer than it."""

    def stamp(seconds: float) -> str:
        milliseconds = round(seconds * 1000)
        return f"00:{milliseconds // 60000:02d}:{milliseconds // 1000 % 60:02d},{milliseconds % 1000:03d}"

    blocks = [
        f"{number}\n{stamp(at - 0.15)} --> {stamp(at + len(voice) / RATE + 0.4)}\n{text}\n"
        for number, (text, (at, voice)) in enumerate(said.items(), 1)
    ]
    path.write_text("\n".join(blocks), encoding="utf-8")


def make_music(path: Path) -> Path:
    """Chords struck once a second that never die away: dense, so that its peaks leave room for -14 LUFS."""
    seconds = 24
    time = np.arange(seconds * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6))
    struck = 0.08 * chord * (0.6 + 0.4 * np.exp(-4 * (time % 1))) + 0.25 * clicks(seconds, 60, 0.4)
    # All of it stays out of the tone's band.
    low = sosfiltfilt(butter(6, 8000, "lowpass", fs=RATE, output="sos"), struck)
    tone = 0.05 * np.sin(2 * np.pi * MUSIC_TONE * time)
    wavfile.write(path, RATE, np.stack([low + tone, low + tone], 1).astype(np.float32))
    return path


@pytest.fixture(scope="module")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that no other process writes to: it is searched for secrets."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module", params=["espeak", "syllables"])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, examples: Path, shared_cache: Path
) -> Made:
    from trailergen.__main__ import main

    folder = tmp_path_factory.mktemp("soundtrack")
    said = {}
    for number, text in enumerate(SENTENCES):
        voice = spoken(folder, text) if request.param == "espeak" else syllables(1.4 + 0.1 * number, number)
        said[text] = (2.0 + SPACING_S * number, voice)
    film = make_film(folder, examples, said, "24000/1001")
    write_subtitles(folder / "speaking.srt", said)
    music = make_music(folder / "music.wav")
    trailer = folder / "trailer.mp4"
    options = ["--subtitles", folder / "speaking.srt", "--narration", 3, "--run-over", "--stems"]
    where = ["-o", trailer, "--cache-dir", shared_cache, "--preset", "ultrafast", "--progress", "none"]
    assert main([str(word) for word in ["make", film, "--music", music, *options, *where]]) == 0
    return Made(trailer, read_plan(folder / "trailer.plan.json"), said)


def tone_level(sound: NDArray[np.float32], start: int, end: int) -> float:
    band = butter(2, [MUSIC_TONE - 100, MUSIC_TONE + 100], "band", fs=RATE, output="sos")
    heard = sosfiltfilt(band, sound[:, 0].astype(np.float64))
    return float(20 * np.log10(np.sqrt(np.mean(heard[start:end] ** 2))))


def test_the_chosen_lines_are_heard_at_their_samples(made: Made) -> None:
    heard = read_audio(made.trailer, RATE, 2)
    assert made.plan.narration is not None
    lines = made.plan.narration.lines
    assert len(lines) == 3
    below = butter(6, 8000, "lowpass", fs=RATE, output="sos")
    voices = sosfiltfilt(below, heard[:, 0].astype(np.float64))
    for line in lines:
        at, voice = made.said[line.text]
        # Where the voice should be: the film's sample of its beginning, carried along with the line.
        expected = line.record.start + round(at * RATE) - line.source.start
        assert 0 <= expected - line.record.start < 0.1 * RATE, "the edge lies shortly before the voice"
        assert 0 <= line.record.end - (expected + len(voice)) < 0.2 * RATE, "and shortly after it"
        wanted = sosfiltfilt(below, voice)[RATE // 10 : RATE]
        first = expected + RATE // 10
        lags = correlate(voices[first - 480 : first + len(wanted) + 480], wanted, "valid")
        assert abs(int(np.argmax(lags)) - 480) <= 48, "within a millisecond"


def test_music_falls_under_the_lines_and_comes_back(made: Made) -> None:
    heard = read_audio(made.trailer, RATE, 2)
    assert made.plan.narration is not None
    ducking, lines = made.plan.sound.ducking, [line.record for line in made.plan.narration.lines]
    before, after = (round((seconds + 0.1) * RATE) for seconds in (ducking.attack, ducking.release))
    # Where nobody speaks, nor the music falls or comes back: before the first line, between two, and to the fade.
    edges = [(0, lines[0].start), *((one.end, two.start) for one, two in pairwise(lines))]
    free = [(start + (after if start else 0), end - before) for start, end in edges]
    levels = [tone_level(heard, start, end) for start, end in free if end - start > RATE // 5]
    assert len(levels) >= 2, "before a line, and after one"
    for line in lines:
        under = tone_level(heard, line.start + 2400, line.end - 2400)
        for level in levels:
            assert level - under == pytest.approx(ducking.depth, abs=0.5)


def test_loudness_and_true_peak_by_ffmpegs_meter(made: Made) -> None:
    command = [find_ffmpeg(), "-hide_banner", "-nostats", "-i", str(made.trailer)]
    command += ["-vn", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr.rpartition("Summary:")[2]
    loudness, peak = re.search(r"I:\s+(\S+) LUFS", said), re.search(r"Peak:\s+(\S+) dBFS", said)
    assert loudness and peak
    assert float(loudness[1]) == pytest.approx(-14, abs=0.5)
    assert float(peak[1]) <= -1.0


def test_stems_sum_to_the_mix_and_no_cut_clicks(made: Made) -> None:
    stems = [wavfile.read(path)[1].astype(np.float64) for path in stem_paths(made.trailer)]
    whole = mix(made.plan, Path(made.plan.music.path), probe_film(Path(made.plan.film.path))).sum()
    assert np.abs(sum(stems) - whole).max() < 10 ** (-80 / 20)
    heard = read_audio(made.trailer, RATE, 2)
    assert len(stems[0]) == len(whole) <= len(heard)
    # The music runs through; what is cut is the film's sound, which is silent to begin with and to end with.
    assert made.plan.narration is not None
    _, clips, lines = stems
    assert not clips.any()
    for edge in (edge for line in made.plan.narration.lines for edge in (line.record.start, line.record.end)):
        assert np.abs(np.diff(lines[max(0, edge - 2) : edge + 2, 0])).max() < 10 ** (-60 / 20)
    level = np.abs(np.diff(stems[0][:, 0]))
    steepest = 2 * np.pi * MUSIC_TONE / RATE  # of a sine of amplitude 1, from sample to sample
    assert level.max() <= steepest * np.abs(stems[0]).max(), "the music's fall has no step"


def test_sound_and_picture_end_together(made: Made) -> None:
    heard = read_audio(made.trailer, RATE, 2)
    frame = RATE / made.plan.sequence.rate
    assert made.plan.sequence.rate == Fraction(24000, 1001)
    assert abs(len(heard) - made.plan.sequence.frames * frame) <= max(frame, 1024)


def revised(made: Made, folder: Path, cache: Path, *wishes: object) -> Plan:
    from trailergen.__main__ import main

    target = folder / "revised.plan.json"
    words = ["revise", made.trailer.with_suffix(".plan.json"), *wishes, "-o", target, "--cache-dir", cache, "--force"]
    assert main([str(word) for word in [*words, "--progress", "none"]]) == 0
    return read_plan(target)


def test_a_rerolled_clip_moves_no_line(made: Made, tmp_path: Path, shared_cache: Path) -> None:
    plan = revised(made, tmp_path, shared_cache, "--reroll", 4)
    assert plan.positions[4].shot != made.plan.positions[4].shot
    assert plan.narration == made.plan.narration and plan.sound == made.plan.sound


def test_lines_go_to_their_places_in_a_shorter_trailer(made: Made, tmp_path: Path, shared_cache: Path) -> None:
    plan = revised(made, tmp_path, shared_cache, "--length", 14)
    assert made.plan.narration and plan.narration
    before = {line.id: line for line in made.plan.narration.lines}
    assert plan.narration.lines
    for line in plan.narration.lines:
        assert line.source == before[line.id].source and line.gain == before[line.id].gain
    assert plan.narration.lines[-1].record.end <= plan.sequence.frames / plan.sequence.rate * RATE


def test_banned_lines_are_dropped_and_said_to_be(made: Made, tmp_path: Path, shared_cache: Path) -> None:
    assert made.plan.narration
    first, *others = made.plan.narration.lines
    at = first.source.start / RATE
    plan = revised(made, tmp_path, shared_cache, "--ban", f"{at + 0.3:.2f}-{at + 0.6:.2f}")
    assert plan.narration
    assert plan.narration.lines == others, "the others stay where they are"
    assert any(first.text in note for note in plan.narration.notes)


def test_the_mix_is_revised(made: Made, tmp_path: Path, shared_cache: Path) -> None:
    wishes = ["--loudness", "off", "--duck", 6, "--film-audio", "low", "--drop-line", 1]
    plan = revised(made, tmp_path, shared_cache, *wishes)
    assert (plan.sound.loudness, plan.sound.ducking.depth, plan.sound.film) == (None, 6, "low")
    assert made.plan.narration and plan.narration
    kept = [line for number, line in enumerate(made.plan.narration.lines) if number != 1]
    assert plan.narration.lines == kept
    assert plan.positions == made.plan.positions
    asked = plan.provenance.revisions[-1]
    assert {"--loudness off", "--duck 6", "--film-audio low", "--drop-line 1"} <= set(asked)


def test_lines_are_taken_away(made: Made, tmp_path: Path, shared_cache: Path) -> None:
    assert revised(made, tmp_path, shared_cache, "--narration", "off").narration is None


def test_a_language_model_chooses_and_a_revision_chooses_others(
    made: Made, shared_cache: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, key = made.trailer.parent, "sk-of-the-whole-run-0123456789"
    monkeypatch.setenv("TRAILERGEN_LLM_KEY", key)
    said = ["--subtitles", folder / "speaking.srt", "--narration", 2, "--run-over"]
    where = ["--cache-dir", shared_cache]
    # Answers are kept in the cache by model and lines, and both films say the same: each has a model of its own.
    with language_model() as server:
        server.always = lambda _: Reply("The last ones, surely:\n```json\n[4, 2, 1]\n```")
        asked = ["--narrator", "llm", "--llm-url", server.url, "--llm-model", folder.name]
        film, music = folder / "speaking.mkv", folder / "music.wav"
        assert cli("plan", film, "--music", music, "-o", "a.json", *said, *asked, *where) == 0
        assert server.seen[0][1]["authorization"] == f"Bearer {key}"
        assert "The storm is coming, and so are they." in server.asked(0)
    narration = read_plan(Path("a.json")).narration
    assert (
        narration is not None and narration.narrator == f"llm {folder.name} at 127.0.0.1" and len(narration.lines) == 2
    )
    # Nobody says where from: from the plan's subtitles, by this program alone.
    assert cli("revise", "a.json", "--narration", 1, "--run-over", "-o", "b.json", *where) == 0
    anew = read_plan(Path("b.json")).narration
    assert anew is not None and anew.subtitles == narration.subtitles
    assert anew.narrator == "extractive" and len(anew.lines) == 1
    assert key not in "".join(capfd.readouterr())
    files = [*Path().glob("*.json"), *(path for path in shared_cache.rglob("*.safetensors") if path.is_file())]
    assert len(files) > 2 and all(key.encode() not in path.read_bytes() for path in files)


def test_the_lines_lie_beside_the_trailer(made: Made) -> None:
    lines = made.plan.narration.lines if made.plan.narration else []
    cues = read_subtitles(made.trailer.with_suffix(".srt"))
    assert [cue.text for cue in cues] == [line.text for line in lines]
    assert [float(cue.start) for cue in cues] == pytest.approx([line.record.start / RATE for line in lines], abs=0.001)
