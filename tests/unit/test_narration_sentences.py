from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailergen.dialogue.sentences import LONGEST_S, SHORTEST_S, Utterance, utterances
from trailergen.dialogue.subtitles.cues import Cue, read_subtitles

Said = tuple[str, str, str]


def cues_of(*said: Said, speakers: int = 1) -> list[Cue]:
    """Cues of (start, end, text)."""
    return [Cue(n, Fraction(start), Fraction(end), text, speakers) for n, (start, end, text) in enumerate(said)]


def chain(*texts: str, each: str = "1.5") -> list[Cue]:
    """Cues one after another, with a breath between."""
    step = Fraction(each) + Fraction(1, 10)
    return [Cue(n, 10 + n * step, 10 + n * step + Fraction(each), text) for n, text in enumerate(texts)]


def texts_of(cues: list[Cue]) -> list[str]:
    return [line.text for line in utterances(cues)]


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        (["This is whole.", "And so is this!"], ["This is whole.", "And so is this!"]),
        (["I told you that", "it would not end well."], ["I told you that it would not end well."]),
        (["I told you,", "It would not end well."], ["I told you, It would not end well."]),
        (["I told you...", "...it would not end."], ["I told you it would not end."]),
        (["I told you\u2026", "it would not end."], ["I told you it would not end."]),
        (["I told you -", "- it would not end."], ["I told you it would not end."]),
        (["I told you...", "It would not end."], ["I told you...", "It would not end."]),
        (["Yes.", "It is Anna", "Who can do it."], ["Yes.", "It is Anna Who can do it."]),
        (["\u201cWho are you?\u201d", "He asked me."], ["\u201cWho are you?\u201d", "He asked me."]),
        (["Whole.", "without a beginning."], ["Whole."]),
        (["Whole.", "Without an end"], ["Whole."]),
        (["Whole.", "...without a beginning."], ["Whole."]),
        # Chinese and Japanese need no spaces.
        (["\u6211\u5011\u5fc5\u9808", "\u56de\u53bb\u3002"], ["\u6211\u5011\u5fc5\u9808\u56de\u53bb\u3002"]),
        (["\u4f55\u3060\uff1f", "\u884c\u3053\u3046\uff01"], ["\u4f55\u3060\uff1f", "\u884c\u3053\u3046\uff01"]),
        # Devanagari and Arabic have their own full stops and question marks.
        (
            ["\u092f\u0939 \u0915\u0925\u093e \u0939\u0948\u0964"],
            ["\u092f\u0939 \u0915\u0925\u093e \u0939\u0948\u0964"],
        ),
        (["\u0645\u0646 \u0623\u0646\u062a\u061f"], ["\u0645\u0646 \u0623\u0646\u062a\u061f"]),
    ],
)
def test_lines_are_whole_sentences(texts: list[str], lines: list[str]) -> None:
    assert texts_of(chain(*texts)) == lines


def test_a_line_knows_its_cues_and_its_time() -> None:
    cues = cues_of(("1", "2.5", "Whole."), ("3", "4", "I told you that"), ("4.2", "6.5", "it would end."))
    assert utterances(cues) == [
        Utterance((0,), Fraction(1), Fraction("2.5"), "Whole."),
        Utterance((1, 2), Fraction(3), Fraction("6.5"), "I told you that it would end."),
    ]


def test_silence_ends_a_sentence() -> None:
    assert texts_of(cues_of(("1", "3", "I told you that"), ("4.1", "6", "it would end."), ("7", "9", "Yes."))) == [
        "Yes."
    ]


@pytest.mark.parametrize(("length", "kept"), [("1.19", 0), ("1.2", 1), ("6", 1), ("6.01", 0)])
def test_lines_are_long_enough_and_not_too_long(length: str, kept: int) -> None:
    assert len(utterances(cues_of(("1", str(1 + Fraction(length)), "Whole.")))) == kept


def test_a_sentence_of_many_cues_is_left_out_whole() -> None:
    assert texts_of(chain("One", "two", "three", "four", "five.", "Six.", "Yes.", "No.", each="1.2"))[0] == "Six."


def test_cues_of_two_people_and_songs_are_left_out() -> None:
    both = cues_of(("1", "3", "Who? Me."), speakers=2)
    song = [Cue(1, Fraction(4), Fraction(6), "La la la.", sung=True)]
    alone = [Cue(2, Fraction(7), Fraction(9), "Alone.")]
    assert texts_of(both + song + alone) == ["Alone."]
    # Neither is a sentence joined over them.
    parts = [Cue(0, Fraction(1), Fraction(2), "I told"), Cue(1, Fraction(2), Fraction(3), "What? No!", 2)]
    parts += [Cue(2, Fraction(3), Fraction(5), "you that it ends."), Cue(3, Fraction(5), Fraction(7), "Yes.")]
    assert texts_of(parts) == ["Yes."]


def test_two_people_at_once_are_left_out() -> None:
    cues = cues_of(
        ("1", "9", "I talk all the time."), ("2", "3.5", "And I."), ("5", "7", "And he."), ("8.95", "11", "Then I do.")
    )
    assert texts_of(cues) == ["Then I do."]


def test_without_punctuation_every_cue_is_a_line() -> None:
    assert texts_of(chain("what is it", "i do not know", "Let us go")) == ["what is it", "i do not know", "Let us go"]
    wide = chain("\u6211\u5011\u5fc5\u9808\u56de\u53bb", "\u4ed6\u4f86\u4e86")
    assert texts_of(wide) == ["\u6211\u5011\u5fc5\u9808\u56de\u53bb", "\u4ed6\u4f86\u4e86"]


def test_nothing_is_made_of_nothing() -> None:
    assert utterances([]) == []
    assert utterances([Cue(0, Fraction(0), Fraction(2), "La.", sung=True)]) == []


_TEXTS = st.sampled_from(
    [
        "Yes.",
        "no",
        "But...",
        "...why?",
        "- Go",
        "I,",
        "\u884c\u3053\u3046",
        "\u3002",
        "...",
        "-",
        "He said \u201cgo\u201d.",
    ]
)


@st.composite
def cue_lists(draw: st.DrawFn) -> list[Cue]:
    at, cues = Fraction(0), []
    for number in range(draw(st.integers(0, 12))):
        at += Fraction(draw(st.integers(0, 25)), 10)
        end = at + Fraction(draw(st.integers(1, 70)), 10)
        cues.append(Cue(number, at, end, draw(_TEXTS), draw(st.integers(1, 2)), draw(st.integers(0, 9)) == 0))
    return cues


@given(cue_lists())
def test_any_cues_make_lines_or_none(cues: list[Cue]) -> None:
    lines = utterances(cues)
    assert lines == utterances(cues)
    used = [number for line in lines for number in line.cues]
    assert used == sorted(set(used))
    for line in lines:
        own = [cue for cue in cues if cue.number in line.cues]
        assert SHORTEST_S <= line.length <= LONGEST_S
        assert (line.start, line.end) == (own[0].start, own[-1].end)
        assert all(cue.speakers == 1 and not cue.sung for cue in own)
        assert line.text == line.text.strip() and "  " not in line.text
        others = [cue for cue in cues if cue.number not in line.cues]
        assert all(min(cue.end, line.end) - max(cue.start, line.start) <= Fraction(1, 10) for cue in others)


def test_five_thousand_cues_take_no_time() -> None:
    cues = chain(*(f"This is sentence {n}{'.' if n % 3 else ''}" for n in range(5000)))
    started = time.process_time()
    assert len(utterances(cues)) > 2000
    assert time.process_time() - started < 5  # seconds; the square of the number would be minutes


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "least", "has", "lacks"),
    [
        ("sintel.en.srt", 14, "This blade has a dark past.", "You are a fool for"),
        ("elephants_dream.en.vtt", 50, "At the left we can see...", "-Get it?"),
    ],
)
def test_real_subtitles_make_whole_lines(media: Path, name: str, least: int, has: str, lacks: str) -> None:
    lines = texts_of(read_subtitles(media / "subtitles" / name))
    assert len(lines) >= least
    assert has in lines
    assert not any(line.startswith(lacks) for line in lines)
    assert all(line[0].isupper() and line[-1] in ".!?\u2026" for line in lines)
