"""Captions that roll are said once; what people repeat stays repeated."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from trailergen.dialogue.subtitles.cues import Cue, read_subtitles

LINES = ["the first line of all", "then comes the second", "a third one follows", "and the fourth ends it"]


def cues_of(tmp_path: Path, said: list[tuple[float, float, str]]) -> list[Cue]:
    path = tmp_path / "film.vtt"
    blocks = (f"00:{start:06.3f} --> 00:{end:06.3f}\n{text}\n" for start, end, text in said)
    path.write_text("WEBVTT\n\n" + "\n".join(blocks))
    return read_subtitles(path)


def times(cues: list[Cue]) -> list[tuple[float, float, str]]:
    return [(float(cue.start), float(cue.end), cue.text) for cue in cues]


def test_two_lines_roll_up(tmp_path: Path) -> None:
    said = [(n * 4, n * 4 + 4, "\n".join(LINES[max(0, n - 1) : n + 1])) for n in range(4)]
    assert times(cues_of(tmp_path, said)) == [(n * 4, n * 4 + 4, LINES[n]) for n in range(4)]


def test_three_lines_roll_up(tmp_path: Path) -> None:
    said = [(n * 4, n * 4 + 4, "\n".join(LINES[max(0, n - 2) : n + 1])) for n in range(4)]
    assert [cue.text for cue in cues_of(tmp_path, said)] == LINES


def test_as_youtube_makes_them(tmp_path: Path) -> None:
    said: list[tuple[float, float, str]] = []
    for n, line in enumerate(LINES):
        words = line.split()
        timed = words[0] + "".join(f"<00:{n * 4 + k / 5:06.3f}><c> {word}</c>" for k, word in enumerate(words[1:], 1))
        said.append((n * 4, n * 4 + 3.99, f"{LINES[n - 1] if n else ' '}\n{timed}"))
        said.append((n * 4 + 3.99, n * 4 + 4, f"{line}\n "))
    assert times(cues_of(tmp_path, said)) == [(n * 4, n * 4 + 4, LINES[n]) for n in range(4)]


def test_words_that_appear_one_by_one(tmp_path: Path) -> None:
    words = LINES[0].split()
    said = [(n / 2, n / 2 + 0.5, " ".join(words[: n + 1])) for n in range(len(words))]
    assert times(cues_of(tmp_path, said)) == [(0, len(words) / 2, LINES[0])]


def test_cues_that_stay_until_after_the_next(tmp_path: Path) -> None:
    said = [(n * 3, n * 3 + 5, line) for n, line in enumerate(LINES)]
    assert times(cues_of(tmp_path, said)) == [(0, 3, LINES[0]), (3, 6, LINES[1]), (6, 9, LINES[2]), (9, 14, LINES[3])]


def test_a_repetition_is_no_rolling(tmp_path: Path) -> None:
    said = [
        (0.0, 2.0, "I said no."),
        (2.0, 4.0, "I said no.\nAnd no again."),
        (4.0, 6.0, "Fine."),
        (9.0, 11.0, "Fine."),
    ]
    assert [cue.text for cue in cues_of(tmp_path, said)] == ["I said no.", "I said no. And no again.", "Fine.", "Fine."]


def test_what_is_repeated_after_a_pause_is_said_again(tmp_path: Path) -> None:
    said = [(n * 4, n * 4 + 2, "\n".join(LINES[max(0, n - 1) : n + 1])) for n in range(4)]
    assert len(cues_of(tmp_path, said)[1].text) > len(LINES[1])


def test_two_people_at_once_are_not_cut(tmp_path: Path) -> None:
    said = [(0.0, 3.0, "One."), (1.0, 4.0, "Two."), (6.0, 7.0, "Three."), (8.0, 9.0, "Four."), (10.0, 11.0, "Five.")]
    assert cues_of(tmp_path, said)[0].end == Fraction(3)
