"""Option text becomes an edit request and comes back as it was."""

from __future__ import annotations

import shlex
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_revise import plan

from trailergen.edit.revise import spelling
from trailergen.edit.revise.request import EditRequest, Edits
from trailergen.errors import UsageError
from trailergen.report.commands import revise
from trailergen.settings.group import to_options

numbers = st.integers(0, 40)


@given(st.sets(numbers, min_size=1))
def test_positions_are_read_as_they_are_shown(positions: set[int]) -> None:
    assert spelling.read_positions(spelling.show_positions(positions)) == tuple(sorted(positions))


@given(st.dictionaries(numbers, st.none() | numbers, min_size=1), st.dictionaries(numbers, numbers, min_size=1))
def test_pins_and_pairs_are_read_as_they_are_shown(pins: dict[int, int | None], pairs: dict[int, int]) -> None:
    assert spelling.read_pins(spelling.show_pins(pins)) == pins
    assert dict(spelling.read_pairs(spelling.show_pairs(pairs.items()))) == pairs


def test_neighbours_are_shown_as_a_range() -> None:
    assert spelling.show_positions([11, 7, 9, 10]) == "7,9-11"


@pytest.mark.parametrize("text", ["", "one", "4-2", "1-", "-1", "1,,2", "0-99999999999"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no position"):
        spelling.read_positions(text)


@pytest.mark.parametrize("text", ["", "1", "1:", ":2", "1:x", "1-2"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not two numbers"):
        spelling.read_pairs(text)


def test_edits_are_given_as_numbers_or_as_text() -> None:
    as_text = Edits.of(pin="3,12=shot:845", unpin=("1", "4-5"), reroll="7,9", swap="4:2", move=["7:3", "0:1"])
    assert as_text.pins == {3: None, 12: 845} and as_text.chosen == {12: 845}
    assert as_text.unpins == {1, 4, 5} and as_text.rerolls == {7, 9}
    assert as_text.swaps == {4: 2} and as_text.moves == ((7, 3), (0, 1))
    same = Edits.of(pin={3: None, 12: 845}, unpin={1, 4, 5}, reroll=[7, 9], swap={4: 2}, move=[(7, 3), (0, 1)])
    for name in ("pins", "unpins", "rerolls", "swaps", "moves"):
        assert getattr(same, name) == getattr(as_text, name)
    assert Edits.of(pin=0, reroll=[], drop_line=(), swap={}) == Edits.of(pin="0")


def test_a_request_is_remembered_text_by_text_as_it_was_given() -> None:
    request = EditRequest.of(
        reroll=("1,3", "5"),
        pin="0",
        ban="shot:4,0:01-0:02",
        more="a chase",
        loudness="off",
        cards=["A\nB@3"],
        length=12.5,
        music="folder/other.wav",
        no_cards=True,
        seed=5,
    )
    assert request.remembered() == [
        "--pin 0",
        "--ban shot:4,0:01-0:02",
        "--reroll 1,3",
        "--reroll 5",
        "--more a chase",
        "--loudness off",
        "--card A\\nB@3",
        "--no-cards",
        "--music other.wav",
        "--length 12.5",
    ]


def test_edits_become_the_words_of_a_command_line() -> None:
    edits = Edits.of(unpin=2, reroll=2)
    assert to_options(edits) == ["--unpin", "2", "--reroll", "2"]
    assert shlex.split(revise("a film.plan.json", edits))[1:] == ["revise", "a film.plan.json", *to_options(edits)]


def test_bans_are_of_shots_first_and_then_of_time() -> None:
    old = plan()
    bans = Edits.of(ban=("0:00-0:01", "shot:3,2-3")).bans(old)
    assert [ban.why for ban in bans] == ["--ban shot:3", "--ban 0-1", "--ban 2-3"]
    assert (bans[0].range.start, bans[0].range.end) == (old.shots[3].start, old.shots[3].end)
    assert bans[1].range.end == round(Fraction(old.film.rate))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reroll": "one"}, "--reroll 'one' is no position"),
        ({"pin": "1=845"}, "--pin '845' is no shot"),
        ({"ban": "soon"}, "--ban 'soon' is no range"),
        ({"ban": "shot:x"}, "--ban 'shot:x' is no shot"),
        ({"ban": "2-1"}, "--ban '2-1' does not end after it begins"),
        ({"move": "1"}, "--move '1' is not two numbers"),
        ({"length": 1}, "--length"),
        ({"seed": -1}, "--seed"),
        ({"loudness": 3}, "--loudness"),
        ({"cut": "mine.edl", "pin": 1}, "--from gives all the clips"),
        ({"subtitles": "a.srt", "subtitle_track": "en"}, "two sources"),
        ({"rerol": 1}, "there is no setting 'rerol'"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        EditRequest.of(**given)
