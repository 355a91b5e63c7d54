"""A film without subtitles speaks: espeak-ng at known times over music and noise, heard by the real detector and the
real engine, whose decoder alone is told what it hears; the times are found in the sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
import pytest
from scipy.io import wavfile
from speech import RATE, spoken
from whisper import Scribe, tiny_whisper

import trailergen as tg
from trailergen.dialogue.sources import find_words
from trailergen.media.ffmpeg import run
from trailergen.plans import SAMPLE_RATE, Plan, Shot, read_plan
from trailergen.session import Session
from trailergen.settings.narration import NarrationSettings
from trailergen.stages import known_shots

CLEAR = [
    (7.2, "The lamp has burned for ninety years."),
    (15.4, "Nobody comes to the island any more."),
    (22.2, "A storm is coming from the north."),
    (28.4, "You must light the fire tonight."),
    (36.0, "My father never left the tower."),
]
COVERED = (44.0, "This one is lost in the noise.")
SPOILER = (112.0, "In the end we all go back.")
_PAUSE = 0.06


@dataclass(frozen=True)
class Told:
    """A film, and its sentences with the seconds of every word."""

    path: Path
    words: dict[str, list[tuple[float, float]]]


def say(folder: Path, text: str) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """A sentence word by word, and from when to when each lasts."""
    parts, times, at = [], [], 0.0
    for word in text.split():
        voice = spoken(folder, word)
        times.append((at, at + len(voice) / RATE))
        parts += [voice, np.zeros(round(_PAUSE * RATE))]
        at += len(voice) / RATE + _PAUSE
    return np.concatenate(parts[:-1]), times


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Told:
    folder = tmp_path_factory.mktemp("told")
    length = float(ffmpeg.probe(str(examples / "film.mp4"))["format"]["duration"])
    time = np.arange(round(length * RATE)) / RATE
    rng = np.random.default_rng(3)
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6)) * (1 + np.sin(time)) / 2
    sound = 0.01 * chord + 0.003 * rng.normal(size=len(time))
    words: dict[str, list[tuple[float, float]]] = {}
    for at, text in (*CLEAR, COVERED, SPOILER):
        voice, times = say(folder, text)
        first = round(at * RATE)
        sound[first : first + len(voice)] += voice
        if text == COVERED[1]:
            # Not so loud that the detector hears nobody, and too loud to be used.
            part = slice(first - RATE, first + len(voice) + RATE)
            sound[part] += 0.05 * rng.normal(size=part.stop - part.start)
        words[text] = [(at + start, at + end) for start, end in times]
    wavfile.write(folder / "said.wav", RATE, np.stack([sound, sound], 1).astype(np.float32))
    path = folder / "film.mov"
    picture = ffmpeg.input(str(examples / "film.mp4")).video
    heard = ffmpeg.input(str(folder / "said.wav")).audio
    run(ffmpeg.output(picture, heard, str(path), vcodec="copy", acodec="pcm_s16le"))
    return Told(path, words)


@pytest.fixture
def scribe(told: Told, monkeypatch: pytest.MonkeyPatch) -> list[Scribe]:
    """The decoders of the models that are loaded: each says the film's sentences in order."""
    from faster_whisper import WhisperModel

    made: list[Scribe] = []

    def load(*arguments: Any, **options: Any) -> Any:
        model = WhisperModel(*arguments, **options)
        sentences = []
        for text, times in told.words.items():
            length = times[-1][1] - times[0][0]
            ends = [(end - times[0][0]) / length for _, end in times]
            sentences.append(list(zip(text.split(), ends, strict=True)))
        made.append(Scribe(model.model, model.hf_tokenizer, sentences))
        model.model = made[-1]
        return model

    monkeypatch.setattr("faster_whisper.WhisperModel", load)
    return made


@pytest.fixture
def planned(told: Told, examples: Path, scribe: list[Scribe], tmp_path_factory: Any) -> Callable[..., Plan]:
    cache = tmp_path_factory.getbasetemp() / "transcribe-cache"
    model = tiny_whisper(tmp_path_factory.mktemp("models") / "tiny")

    def make(notes: list[str] | None = None, **options: Any) -> Plan:
        session = Session(cache, device="cpu", on_note=(notes if notes is not None else []).append)
        wish = {"transcribe": model, "narration": 5, "run_over": True, **options}
        return tg.plan(told.path, examples / "score.ogg", session=session, **wish)

    return make


def test_the_right_lines_from_the_right_places(planned: Callable[..., Plan], told: Told, scribe: list[Scribe]) -> None:
    notes: list[str] = []
    plan = planned(notes)
    narration = plan.narration
    assert narration is not None and narration.subtitles is not None
    assert (narration.subtitles.transcript or "").endswith("tiny") and narration.subtitles.language == "en"
    texts = [line.text for line in narration.lines]
    assert set(texts) <= {text for _, text in CLEAR} and len(texts) >= 4, notes
    for line in narration.lines:
        start, end = (Fraction(at, SAMPLE_RATE) for at in (line.source.start, line.source.end))
        spoken_at = told.words[line.text]
        assert abs(start - Fraction(spoken_at[0][0])) < 0.15
        assert abs(end - Fraction(spoken_at[-1][1])) < 0.15
        clip = next(position for position in plan.positions if position.id == line.position)
        first = round(clip.record.start / plan.sequence.rate * SAMPLE_RATE)
        assert line.record.start == first + SAMPLE_RATE // 10
    # The same command again decodes nothing, and makes the same plan.
    calls = sum(one.calls for one in scribe)
    assert planned().narration == narration and sum(one.calls for one in scribe) == calls


@pytest.mark.usefixtures("scribe")
def test_words_are_where_they_are_said(told: Told, tmp_path: Path) -> None:
    from trailergen.dialogue.transcripts.models import find_model
    from trailergen.dialogue.transcripts.transcribe import SpokenFilm, transcribe
    from trailergen.stages import known_shots

    session = Session(tmp_path, device="cpu")
    film = known_shots(session, told.path)
    end = film.analysis.frames / film.analysis.rate
    about = SpokenFilm(film.info, film.sha256, None, end, film.analysis.sound)
    model = find_model(tiny_whisper(tmp_path / "tiny"), session.cache)
    # Where noise is, the stand-in for the decoder cannot see when a sentence begins.
    heard = transcribe(session, about, model, "en").words
    found = [word for word in heard if not COVERED[0] - 2 < word.start < COVERED[0] + 6]
    clear = {text: at for text, at in told.words.items() if text != COVERED[1]}
    wanted = [(word, *times) for text, at in clear.items() for word, times in zip(text.split(), at, strict=True)]
    assert [word.text.strip() for word in found] == [word for word, _, _ in wanted]
    apart = [max(abs(float(a.start) - start), abs(float(a.end) - end)) for a, (_, start, end) in zip(found, wanted)]  # noqa: B905
    assert max(apart) < 0.15, list(zip(wanted, apart, strict=True))


def test_a_film_in_which_nobody_speaks(examples: Path, shared_cache: Path, tmp_path: Path) -> None:
    notes: list[str] = []
    session = Session(shared_cache, device="cpu", on_note=notes.append)
    model = tiny_whisper(tmp_path / "tiny")
    plan = tg.plan(examples / "film.mp4", examples / "score.ogg", session=session, transcribe=model)
    assert plan.narration is not None and plan.narration.lines == []
    assert any("nobody speaks" in note for note in notes)


def test_what_gives_the_end_away_is_closed_with_any_list_of_shots(
    examples: Path, shared_cache: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said.json"
    said.write_text('{"segments": [{"start": 20, "end": 22, "text": " A storm is coming."}]}')
    session = Session(shared_cache, device="cpu")
    film = known_shots(session, examples / "film.mp4").info
    plan = read_plan(shared_cache.parent / "example.plan.json")
    halves = [
        Shot.model_validate({"number": 2 * shot.number + half, "in": start, "out": end})
        for shot in plan.shots
        for middle in ((shot.start + shot.end) // 2,)
        for half, (start, end) in enumerate(((shot.start, middle), (middle, shot.end)))
    ]
    settings = NarrationSettings(transcribe=said)
    found, again, few = (
        find_words(session, plan.model_copy(update={"shots": shots}), film, settings)
        for shots in (plan.shots, halves, plan.shots[:2])
    )
    assert found and again and few and len(found.closed) == 1
    assert found.closed == again.closed == few.closed
