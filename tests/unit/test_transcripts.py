"""From sound to words to sentences, without a model that understands anything."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from whisper import tiny_whisper

from trailergen.dialogue.sentences import utterances
from trailergen.dialogue.sources import check_transcribe
from trailergen.dialogue.transcripts.cleaning import Heard, believed, in_order
from trailergen.dialogue.transcripts.engine import Recogniser
from trailergen.dialogue.transcripts.files import read_transcript
from trailergen.dialogue.transcripts.models import find_model, installed_model
from trailergen.dialogue.transcripts.sentences import sentence_cues
from trailergen.dialogue.transcripts.stretches import speech_stretches
from trailergen.dialogue.transcripts.words import Word
from trailergen.errors import InputError, UsageError, WeightsError
from trailergen.runtime.cache import StageCache
from trailergen.settings.narration import NarrationSettings
from trailergen.shots.sound import STEP_S, SoundActivity


def said(text: str, start: float, each: float = 0.3, speaker: str = "", gap: float = 0.0) -> tuple[Word, ...]:
    found, at = [], Fraction(str(start))
    for part in text.split():
        found.append(Word(at, at + Fraction(str(each)), f" {part}", 0.9, speaker))
        at += Fraction(str(each)) + Fraction(str(gap))
    return tuple(found)


def activity(seconds: float, *spoken: tuple[float, float], probability: float = 0.9) -> SoundActivity:
    speech = np.zeros(round(seconds / STEP_S), np.float32)
    for start, end in spoken:
        speech[round(start / STEP_S) : round(end / STEP_S)] = probability
    return SoundActivity(np.full(len(speech), -30, np.float32), speech)


def test_stretches_hold_all_speech_and_little_else() -> None:
    film = activity(200, (2, 5), (6, 7), (30, 95), (120, 120.1), (150, 151))
    found = speech_stretches(film, Fraction(200))
    assert all(0 < stretch.length <= 29 for stretch in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert found[0].start < 2 and 7 < found[0].end < 8  # a pause of a second divides nothing
    assert not any(stretch.start < 121 and stretch.end > 120 for stretch in found)  # a cough
    assert sum(stretch.length for stretch in found) < 5 + 65 + 1 + 4


def test_nobody_speaks() -> None:
    assert speech_stretches(activity(60), Fraction(60)) == []
    assert speech_stretches(activity(60, (3, 50), probability=0.45), Fraction(60)) == []
    assert speech_stretches(SoundActivity(*(np.zeros(0, np.float32),) * 2), Fraction(60)) == []


@pytest.mark.parametrize(
    "made_up",
    [
        Heard(said("Thank you.", 10), no_speech=0.9, logprob=-0.8),
        Heard(said("la la la la la la la la la", 10), compression=3.0),
        Heard(said("mumble", 10), logprob=-1.4),
        Heard(said("Music plays on and on", 10, each=0.02)),
        Heard(said("Thanks for watching.", 30)),  # where the detector hears nobody
    ],
)
def test_what_was_made_up_is_left_out(made_up: Heard) -> None:
    spoken = Heard(said("We sail at dawn.", 1))
    assert believed([spoken, made_up], activity(60, (0, 20))) == list(spoken.words)


def test_a_thing_may_be_said_twice_and_not_ten_times() -> None:
    loop = [Heard(said("I don't know.", at)) for at in range(0, 20, 2)]
    after = Heard(said("Go home.", 30))
    words = believed([*loop, after], None)
    assert "".join(word.text for word in words) == " I don't know. I don't know. Go home."


def test_words_are_in_order_and_apart() -> None:
    words = (*said("two three", 1), *said("one", 0.9))
    found = in_order(words)
    assert [word.text for word in found] == [" one", " two", " three"]
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_sentences_are_lines_with_edges_of_words() -> None:
    words = [
        *said("Nobody leaves the island tonight.", 1),
        *said("Why?", 2.6),
        *said("Because of the storm.", 3.0),
        *said("And so we wait", 10),
        *said("for the end", 14),
        *said("Mr. Fox is not here today.", 20),
    ]
    cues = sentence_cues(words)
    assert [cue.text for cue in cues] == [
        "Nobody leaves the island tonight.",
        "Why? Because of the storm.",
        "And so we wait",
        "for the end",
        "Mr. Fox is not here today.",
    ]
    assert cues[1].between == (cues[0].end, cues[2].start) and cues[0].start == 1
    lines = utterances(cues)
    assert [line.text for line in lines] == [cues[0].text, cues[1].text, cues[4].text]
    assert lines[1].between == cues[1].between


def test_another_speaker_ends_a_sentence_and_joins_none() -> None:
    words = [*said("You lied to me", 1, speaker="A"), *said("I did not lie at all.", 2.3, speaker="B")]
    assert [cue.text for cue in sentence_cues(words)] == ["You lied to me", "I did not lie at all."]
    dashes = [*said("-Stop.", 1), *said("-Never in my life will I.", 1.5)]
    assert [cue.text for cue in sentence_cues(dashes)] == ["Stop.", "Never in my life will I."]


def test_adverts_and_songs_are_no_lines() -> None:
    words = [*said("Subtitles by www.example.com", 1), *said("♪ My heart will go on. ♪", 9)]
    cues = sentence_cues(words)
    assert len(cues) == 1 and cues[0].sung and not utterances(cues)


WHISPER = {
    "text": " We sail at dawn.",
    "language": "en",
    "segments": [
        {
            "id": 0,
            "start": 1.0,
            "end": 2.2,
            "text": " We sail at dawn.",
            "avg_logprob": -0.2,
            "no_speech_prob": 0.01,
            "compression_ratio": 1.1,
            "words": [
                {"word": " We", "start": 1.0, "end": 1.2, "probability": 0.9},
                {"word": " sail", "start": 1.2, "end": 1.6, "probability": 0.9},
                {"word": " at", "start": 1.6, "end": 1.7, "probability": 0.9},
                {"word": " dawn.", "start": 1.7, "end": 2.2, "probability": 0.9},
            ],
        }
    ],
}
WHISPERX = {
    "segments": [
        {
            "start": 1.0,
            "end": 2.2,
            "text": "We sail at dawn.",
            "words": [
                {"word": "We", "start": 1.0, "end": 1.2, "score": 0.9, "speaker": "SPEAKER_00"},
                {"word": "sail", "start": 1.2, "end": 1.6, "score": 0.9, "speaker": "SPEAKER_00"},
                {"word": "at", "start": 1.6, "end": 1.7, "score": 0.9, "speaker": "SPEAKER_00"},
                {"word": "dawn.", "start": 1.7, "end": 2.2, "score": 0.9, "speaker": "SPEAKER_00"},
            ],
        }
    ],
    "word_segments": [],
}
CPP = {
    "result": {"language": "en"},
    "transcription": [
        {
            "timestamps": {"from": "00:00:01,000", "to": "00:00:02,200"},
            "offsets": {"from": 1000, "to": 2200},
            "text": " We sail at dawn.",
            "tokens": [
                {"text": "[_BEG_]", "offsets": {"from": 1000, "to": 1000}, "id": 1, "p": 0.9},
                {"text": " We", "offsets": {"from": 1000, "to": 1200}, "id": 2, "p": 0.9},
                {"text": " sail", "offsets": {"from": 1200, "to": 1600}, "id": 3, "p": 0.9},
                {"text": " at", "offsets": {"from": 1600, "to": 1700}, "id": 4, "p": 0.9},
                {"text": " da", "offsets": {"from": 1700, "to": 1900}, "id": 5, "p": 0.9},
                {"text": "wn", "offsets": {"from": 1900, "to": 2100}, "id": 6, "p": 0.9},
                {"text": ".", "offsets": {"from": 2100, "to": 2200}, "id": 7, "p": 0.9},
            ],
        }
    ],
}


@pytest.mark.parametrize("form", [WHISPER, WHISPER["segments"], WHISPERX, CPP])
def test_transcripts_of_other_programs(tmp_path: Path, form: Any) -> None:
    (tmp_path / "a.json").write_text(json.dumps(form))
    found = read_transcript(tmp_path / "a.json", zero=Fraction(1, 2))
    assert [word.text.strip() for word in found.words] == ["We", "sail", "at", "dawn."]
    assert [float(word.start) for word in found.words] == [1.5, 1.7, 2.1, 2.2]
    assert found.words[-1].end == Fraction(27, 10)
    assert sentence_cues(found.words)[0].text == "We sail at dawn."


def test_a_transcript_without_words_shares_out_its_time(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"segments": [{"start": 1, "end": 3, "text": " Abc defgh"}]}))
    first, second = read_transcript(tmp_path / "a.json").words
    assert first.end == second.start == Fraction(7, 4) and second.end == 3


def test_tokens_that_are_parts_of_a_character_are_joined(tmp_path: Path) -> None:
    """whisper.cpp writes the bytes of a token, so that such a file is no UTF-8."""
    given = [" I", " caf", "\udcc3", "\udca9", ".", " \udce4\udcb8"]
    tokens = [
        {"text": text, "offsets": {"from": 1000 + 100 * at, "to": 1100 + 100 * at}} for at, text in enumerate(given)
    ]
    segment = {"text": " I caf\u00e9.", "offsets": {"from": 1000, "to": 1600}, "tokens": tokens}
    written = json.dumps({"transcription": [segment]}, ensure_ascii=False)
    (tmp_path / "a.json").write_bytes(written.encode("utf-8", "surrogateescape"))
    found = read_transcript(tmp_path / "a.json").words
    assert [word.text for word in found] == [" I", " caf\u00e9."]  # nothing is left of the last, which is no character
    assert (found[1].start, found[1].end) == (Fraction(11, 10), Fraction(3, 2))


def test_a_transcript_in_another_encoding(tmp_path: Path) -> None:
    text = " Der Müller hört die Glocken läuten, und die Tür fällt schwer ins Schloss."
    written = json.dumps({"segments": [{"start": 1, "end": 5, "text": text}]}, ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        (tmp_path / "a.json").write_bytes(written.encode(encoding))
        assert "".join(word.text for word in read_transcript(tmp_path / "a.json").words) == text


@pytest.mark.parametrize("words", [["我们", "明天", "走。"], list("我们明天走。")])
def test_scripts_without_spaces_get_none(tmp_path: Path, words: list[str]) -> None:
    timed = [{"word": word, "start": 1 + k / 2, "end": 1.5 + k / 2} for k, word in enumerate(words)]
    form = {"segments": [{"start": 1, "end": 4, "text": "".join(words), "words": timed}]}
    (tmp_path / "a.json").write_text(json.dumps(form), encoding="utf-8")
    (cue,) = sentence_cues(read_transcript(tmp_path / "a.json").words)
    assert cue.text == "我们明天走。"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "[1, 2]",
        '{"segments": 3}',
        '{"segments": [{}]}',
        '{"segments": [{"start": "x", "end": 2, "text": "a"}]}',
        '{"segments": [{"start": 1e400, "end": 2, "text": "a"}]}',
        '{"transcription": [{"offsets": {"from": 1}}]}',
        '{"segments": []}',
        '{"segments": [{"start": 0, "end": 0, "text": ""}]}',
        "no json at all",
        '{"segments": [',
    ],
)
def test_what_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError):
        read_transcript(tmp_path / "a.json")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper(tmp_path_factory.mktemp("models") / "tiny")


def test_a_model_of_the_real_layout_says_something_that_nobody_believes(tiny: Path) -> None:
    recogniser = Recogniser(tiny, "cpu", print)
    noise = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    assert recogniser.language(noise) == {"en": 1.0}
    heard = recogniser.hear(noise, "en")
    assert heard == recogniser.hear(noise, "en")
    assert all(0 <= word.start <= word.end <= 1 for segment in heard for word in segment.words)
    assert believed(heard, None) == []


class Failing:
    """The engine's model, which runs out of memory so many times."""

    def __init__(self, times: int, message: str) -> None:
        self.times, self.message, self.made = times, message, []

    def __call__(self, folder: str, device: str, compute_type: str, **more: Any) -> Any:
        self.made.append((device, compute_type))
        return SimpleNamespace(transcribe=self.transcribe)

    def transcribe(self, sound: Any, beam_size: int, **options: Any) -> Any:
        if self.times:
            self.times -= 1
            raise RuntimeError(self.message)
        return [], None


def test_where_memory_runs_out_it_goes_on_with_less(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, notes = Failing(3, "CUDA failed with error out of memory"), []
    monkeypatch.setattr("faster_whisper.WhisperModel", engine)
    recogniser = Recogniser(Path("/model"), "cuda", notes.append)
    assert recogniser.hear(np.zeros(16_000, np.float32), "en") == []
    assert engine.made == [("cuda", "float16"), ("cuda", "int8_float16"), ("cpu", "int8")]
    assert len(notes) == 3 and "greedy" in notes[-1]


@pytest.mark.parametrize("message", ["std::bad_alloc", "something else"])
def test_where_nothing_helps_it_says_so(monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    monkeypatch.setattr("faster_whisper.WhisperModel", Failing(99, message))
    with pytest.raises(WeightsError, match="not enough memory" if "alloc" in message else "cannot be used"):
        Recogniser(Path("/model"), "cpu", print).hear(np.zeros(16_000, np.float32), "en")


def test_a_damaged_model_is_a_weights_error(tiny: Path, tmp_path: Path) -> None:
    for path in tiny.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(WeightsError):
        Recogniser(tmp_path, "cpu", print)


def test_models_by_name_and_by_folder(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path / "weights"))
    cache = StageCache(tmp_path / "cache")
    assert installed_model(cache) is None
    assert find_model(tiny, cache).weights.keys() == {"model.bin", "tokenizer.json"}
    with pytest.raises(WeightsError, match="whisper-small"):
        find_model("whisper-small", cache)
    with pytest.raises(UsageError, match="speech"):
        find_model("silero-vad", cache)
    with pytest.raises(WeightsError, match=r"model\.bin"):
        find_model(tmp_path, cache)
    folder = tmp_path / "weights" / "mine"
    folder.mkdir(parents=True)
    for path in tiny.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder.parent / "index.toml").write_text(
        '[mine]\nfile = "model.bin"\nlicence = "MIT"\nfeature_space = "whisper"\n'
        'urls = ["https://example.org/model.bin"]\n'
        '[[mine.companions]]\nfile = "tokenizer.json"\nurls = ["https://example.org/tokenizer.json"]\n'
    )
    found = installed_model(cache)
    assert found is not None and found.name == "mine" and len(found.weights["tokenizer.json"]) == 64
    (folder / "tokenizer.json").unlink()
    with pytest.raises(WeightsError):
        installed_model(cache)


def test_a_folder_that_lacks_a_file_is_refused_before_any_work(tiny: Path, tmp_path: Path) -> None:
    for path in tiny.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    check_transcribe(NarrationSettings(transcribe=tmp_path))
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match=r"tokenizer\.json"):
        check_transcribe(NarrationSettings(transcribe=tmp_path))


def test_the_option() -> None:
    assert NarrationSettings().transcribe == "auto"
    assert NarrationSettings(transcribe="film.json").transcribe == Path("film.json")
    assert NarrationSettings(transcribe="./models/tiny").transcribe == Path("models/tiny")
    assert NarrationSettings(transcribe="whisper-small").transcribe == "whisper-small"
    for wrong in (
        {"transcribe": ""},
        {"transcribe": "whisper-small", "subtitles": "a.srt"},
        {"spoken_language": "english!"},
    ):
        with pytest.raises(UsageError):
            replace(NarrationSettings(), **wrong)
