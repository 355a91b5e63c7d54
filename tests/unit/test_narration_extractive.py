from __future__ import annotations

import time
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from trailergen.dialogue.narrators.extractive import ExtractiveNarrator, tfidf
from trailergen.dialogue.sentences import Utterance, utterances
from trailergen.dialogue.subtitles.cues import read_subtitles


def lines_of(*texts: str, every: int = 30) -> list[Utterance]:
    return [Utterance((n,), Fraction(every * n), Fraction(every * n + 3), text) for n, text in enumerate(texts)]


def chosen(lines: list[Utterance], count: int) -> list[str]:
    return [lines[index].text for index in ExtractiveNarrator().choose(lines, count)]


_WORDS = ["the", "sword", "king", "castle", "never", "dragon", "friend", "before", "tomorrow", "river", "always", "you"]


def drawn(count: int, seed: int = 0) -> list[Utterance]:
    rng = np.random.default_rng(seed)

    return lines_of(*(" ".join(rng.choice(_WORDS, rng.integers(2, 12))).capitalize() + "." for _ in range(count)))


def test_as_many_as_there_are() -> None:
    narrator = ExtractiveNarrator()
    for count in (1, 2, 20):
        lines = drawn(count)
        assert len(lines) == count
        for wanted in (0, 1, 7, 50):
            found = narrator.choose(lines, wanted)
            assert len(found) == len(set(found)) == min(wanted, count)
            assert all(0 <= index < count for index in found)
    assert narrator.choose([], 5) == []


def test_the_same_lines_every_time_and_the_best_first() -> None:
    lines = drawn(60)
    narrator = ExtractiveNarrator()
    assert narrator.choose(lines, 9) == narrator.choose(lines, 9)
    assert narrator.choose(lines, 9)[0] == narrator.choose(lines, 1)[0]


def test_whole_sentences_come_before_scraps() -> None:
    lines = lines_of(
        "Hey.",
        "We must leave the castle before the king returns.",
        "Oh, well...",
        "The king wants the castle and the sword of my father!",
        "Yes.",
        "Yes, yes, and so on and so forth, and then there is this and that, and all the rest of it, and more of it,",
    )
    assert set(chosen(lines, 2)) == {lines[1].text, lines[3].text}


def test_lines_differ() -> None:
    same = "The king wants the castle and the sword!"
    lines = lines_of(same, same, same, "My father never came back from the river.", "Nobody may know where we hide it.")
    assert len(set(chosen(lines, 3))) == 3


def test_lines_come_from_all_over_the_film() -> None:
    lines = drawn(400, seed=3)
    found = sorted(ExtractiveNarrator().choose(lines, 8))
    assert found[0] < 100 and found[-1] > 300
    assert max(later - earlier for earlier, later in pairwise(found)) < 200


@pytest.mark.parametrize(
    "texts",
    [
        ["...", "!?", "\u2014"],
        ["a", "b", "c"],
        ["1", "2 3", "4"],
        [
            "\u6211\u5011\u5fc5\u9808\u56de\u53bb\u3002",
            "\u4ed6\u4f86\u4e86\u3002",
            "\u6211\u5011\u5fc5\u9808\u8d70\u3002",
        ],
        ["\u0e44\u0e1b\u0e01\u0e31\u0e19\u0e40\u0e16\u0e2d\u0e30", "\u0e44\u0e21\u0e48"],
        ["same", "same", "same"],
        ["\u0938\u091a", "\u0915\u0925\u093e \u0939\u0948\u0964"],
    ],
)
def test_any_script_and_no_words_at_all(texts: list[str]) -> None:
    assert sorted(ExtractiveNarrator().choose(lines_of(*texts), 9)) == list(range(len(texts)))


def test_vectors_are_unit_ones_or_nothing() -> None:
    rows = tfidf(["The king.", "the KING", "...", "a river"]).toarray()
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 0, 1])
    assert rows[0] @ rows[1] == pytest.approx(1) and rows[0] @ rows[3] == 0
    wide = tfidf(["\u6211\u5011\u5fc5\u9808\u56de\u53bb", "\u5fc5\u9808\u8d70", "\u4ed6\u4f86\u4e86"]).toarray()
    assert wide[0] @ wide[1] > wide[0] @ wide[2] == 0
    assert not tfidf(["...", "!"]).toarray().any()


def test_five_thousand_lines_take_no_time() -> None:
    lines = drawn(5000)
    started = time.process_time()
    assert len(ExtractiveNarrator().choose(lines, 40)) == 40
    assert time.process_time() - started < 15  # seconds; the square of the number would be minutes


@pytest.mark.media
@pytest.mark.parametrize("name", ["sintel.en.srt", "elephants_dream.en.vtt"])
def test_lines_of_a_real_film(media: Path, name: str) -> None:
    lines = utterances(read_subtitles(media / "subtitles" / name))
    found = [lines[index] for index in ExtractiveNarrator().choose(lines, 6)]
    assert len({line.text for line in found}) == 6
    assert min(len(line.text.split()) for line in found) >= 3
    length = lines[-1].end - lines[0].start
    assert max(line.start for line in found) - min(line.start for line in found) > length / 2
    vectors = tfidf([line.text for line in found]).toarray()
    assert max(a @ b for a, b in combinations(vectors, 2)) < 0.7
