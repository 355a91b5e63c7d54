"""Cards take whole positions by a rule, and follow a plan through its revisions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from counterfilm import make_plan
from hypothesis import given
from hypothesis import strategies as st

from trailergen.edit.titles import put_cards, reading_frames
from trailergen.errors import InputError, PlanError, UsageError
from trailergen.plans import Card, Plan, closing_frames, dump_plan, parse_plan, span, violations
from trailergen.report.commands import make_command
from trailergen.settings.titles import TitleSettings, parse_place
from trailergen.settings.tree import Settings

LENGTHS = (24, 30, 40, 26, 36, 48, 20, 20, 24, 30, 20, 30)
WHOLE = TitleSettings(title="THE FILM", end_card="COMING SOON", cards=(("A STORY", "2"),))


def plan_of(lengths: Sequence[int] = LENGTHS, cards: Sequence[Card] = (), fade_out: int = 0) -> Plan:
    """A plan of positions of so many frames, at 24 a second."""
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    clips = [(start, start + length) for start, length in zip(starts, lengths, strict=True)]
    plan = make_plan(clips, frames=sum(lengths) + 10, fade_out=fade_out)
    return plan.model_copy(update={"cards": list(cards)})


def put(plan: Plan, titles: TitleSettings, new: Plan | None = None, clear: bool = False) -> Plan:
    """The plan, or the new one it becomes, with its cards."""
    cards, _ = put_cards(plan, new or plan, titles, clear)
    made = (new or plan).model_copy(update={"cards": cards})
    assert violations(made) == []
    return made


def places(plan: Plan) -> dict[str, tuple[int, int]]:
    return {card.text: (card.record.start, card.record.end) for card in plan.cards}


def test_the_end_card_is_last_and_the_title_before_it() -> None:
    # 348 frames; the end card is read in 36, the title in 48, the card in 36.
    assert places(put(plan_of(), WHOLE)) == {"A STORY": (54, 94), "THE FILM": (244, 298), "COMING SOON": (298, 348)}
    assert [card.kind for card in put(plan_of(), WHOLE).cards] == ["card", "title", "end"]
    assert places(put(plan_of(), TitleSettings(title="THE FILM"))) == {"THE FILM": (298, 348)}
    assert put(plan_of(), TitleSettings()).cards == []
    # What follows the middle of the fade is hardly seen: 36 frames are not enough with 2 s of it.
    soon, faded = TitleSettings(end_card="SOON"), plan_of((*LENGTHS[:-1], 40), fade_out=96_000)
    assert places(put(plan_of((*LENGTHS[:-1], 40)), soon)) == {"SOON": (318, 358)}
    assert places(put(faded, soon)) == {"SOON": (298, 358)}


@given(
    st.lists(st.integers(6, 80), min_size=1, max_size=30),
    st.text("ABC \n", max_size=60),
    st.text("ABC", max_size=60),
    st.lists(st.tuples(st.text("AB ", max_size=20), st.integers(0, 29)), max_size=3),
    st.integers(0, 60_000),
)
def test_cards_take_whole_positions_long_enough_to_read(
    lengths: list[int], title: str, end: str, cards: list[tuple[str, int]], fade: int
) -> None:
    plan = plan_of(lengths, fade_out=min(fade, sum(lengths) * 2000))
    titles = TitleSettings(title=title, end_card=end, cards=tuple((text, str(place)) for text, place in cards))
    try:
        made = put(plan, titles)
    except (PlanError, UsageError):
        return
    edges = {0, *(position.record.end for position in plan.positions)}
    rate = plan.sequence.rate
    for card in made.cards:
        assert {card.record.start, card.record.end} <= edges
        late = closing_frames(plan) // 2 if card.record.end == plan.sequence.frames else 0
        assert len(card.record) >= reading_frames(card.text, card.kind, rate) + late
    assert all(one.record.end <= other.record.start for one, other in pairwise(made.cards))
    assert sum(len(card.record) for card in made.cards) * 2 <= plan.sequence.frames
    kinds = [card.kind for card in made.cards]
    assert kinds.count("title") == bool(title.strip()) and kinds.count("end") == bool(end)
    if kinds.count("end"):
        assert kinds[-1] == "end" and made.cards[-1].record.end == plan.sequence.frames
    # Asking for nothing more changes nothing.
    assert put_cards(made, made, TitleSettings()) == (made.cards, [])


@pytest.mark.parametrize(
    ("titles", "error", "message"),
    [
        (TitleSettings(end_card="WORD " * 40), PlanError, "more than half"),
        (TitleSettings(end_card="WORD " * 90), PlanError, "too little room for the card .WORD"),
        (TitleSettings(cards=(("SOON", "11"),)), PlanError, "too little room"),
        (TitleSettings(end_card="SOON", cards=(("A LITTLE LATER", "9"),)), PlanError, "want the same position"),
        (TitleSettings(cards=(("A", "12"),)), UsageError, "no position 12"),
        (TitleSettings(cards=(("A", "0:14.6"),)), UsageError, "cannot begin at 0:14.6"),
        (TitleSettings(cards=(("", "3"),)), UsageError, "no card at position 3"),
        (TitleSettings(title="日本"), PlanError, "lacks|no letters"),
        (TitleSettings(title="A", card_font="/no/font.ttf"), InputError, "font"),
    ],
)
def test_too_little_room_is_said(titles: TitleSettings, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        put_cards(plan_of(), plan_of(), titles)


def test_a_place_is_a_number_or_a_time() -> None:
    assert parse_place("7") == 7
    assert parse_place("0:12.5") == parse_place("12.5") == Fraction(25, 2)
    for text in ("", "-1", "x", "1:99"):
        with pytest.raises(UsageError, match="no place"):
            parse_place(text)
    # 3.0 s is frame 72, in the third position.
    assert places(put(plan_of(), TitleSettings(cards=(("A", "3.0"),)))) == {"A": (54, 94)}


def test_what_is_not_asked_about_stays_where_it_is() -> None:
    by_hand = Card(text="HERE", record=span(3, 11))
    old = put(plan_of(LENGTHS * 2, cards=[by_hand]), WHOLE)
    assert by_hand in old.cards and len(old.cards) == 4
    again = put(old, TitleSettings(cards=(("NEW", "6"),)))
    assert [card for card in again.cards if card.text != "NEW"] == old.cards
    renamed = put(old, TitleSettings(title="A VERY MUCH LONGER NAME OF THE FILM THAN BEFORE"))
    assert renamed.cards[:2] == old.cards[:2] and renamed.cards[-1] == old.cards[-1]
    assert renamed.cards[2].record.start < old.cards[2].record.start
    assert [card.kind for card in put(old, TitleSettings(title="")).cards] == ["card", "card", "end"]
    # Without an end card the title goes where that was.
    assert places(put(old, TitleSettings(end_card="")))["THE FILM"] == (646, 696)
    assert put(old, TitleSettings(), clear=True).cards == []
    assert places(put(old, TitleSettings(title="NEW"), clear=True)) == {"NEW": (646, 696)}


def test_a_card_replaces_the_one_at_its_place_and_an_empty_one_takes_it_away() -> None:
    old = put(plan_of(), WHOLE)
    assert places(put(old, TitleSettings(cards=(("OTHER", "2"),)))).keys() == {"OTHER", "THE FILM", "COMING SOON"}
    assert places(put(old, TitleSettings(cards=(("", "0:03"),)))).keys() == {"THE FILM", "COMING SOON"}


def test_on_other_places_cards_are_put_by_the_rule_again() -> None:
    old = put(plan_of(), WHOLE)
    double = plan_of([length * 2 for length in LENGTHS])
    cards, said = put_cards(old, double, TitleSettings())
    moved = {card.text: (card.record.start, card.record.end) for card in cards}
    assert moved == {"A STORY": (108, 188), "THE FILM": (536, 636), "COMING SOON": (636, 696)}
    assert cards[-1].record.end == 696 and len(said) == 3 and 'the card "A STORY" was put anew' in said[0]
    with pytest.raises(PlanError, match="more than half"):
        put_cards(old, plan_of((40, 50, 60, 50)), TitleSettings())


def test_cards_stay_with_other_clips_where_their_edges_are_still_cuts() -> None:
    by_hand = Card(text="HERE", record=span(3, 11))
    old = put(plan_of(cards=[by_hand]), WHOLE)
    finer = plan_of((12, 12, 15, 15, 40, 26, 36, 48, 20, 20, 24, 30, 20, 30))
    assert put_cards(old, finer, TitleSettings()) == (old.cards, [])
    other = plan_of((24, 30, 36, 30, 36, 48, 20, 20, 24, 30, 20, 30))
    cards, said = put_cards(old, other, TitleSettings())
    assert said == ['the card "A STORY" was put anew, at 0:00:02.250 to 0:00:03.750']
    assert [card for card in cards if card.text != "A STORY"] == [card for card in old.cards if card.text != "A STORY"]


def test_options_become_settings_and_the_command_that_made_the_plan() -> None:
    asked = Settings.of(title="ONE\nTWO", end_card="SOON", card=["me@home.net@0:12.5", "A@B@7"]).titles
    assert asked.cards == (("me@home.net", "0:12.5"), ("A@B", "7"))
    made_with = {"title": "ONE\nTWO", "end_card": None, "cards": [["A@B", "7"]], "card_font": "/f.ttf"}
    plan = plan_of()
    plan = plan.model_copy(update={"provenance": plan.provenance.model_copy(update={"settings": made_with})})
    command = make_command(parse_plan(dump_plan(plan)))
    # The plan is older than styles, and was made without.
    assert command and command.endswith("--style none --title 'ONE\\nTWO' --card A@B@7 --card-font /f.ttf")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"card": "NO PLACE"}, "--card 'NO PLACE' does not say where"),
        ({"card": "me@home"}, "does not say where"),
        ({"card": "@3"}, "--card '@3' has no text"),
        ({"title": " "}, "--title has no text"),
        ({"end_card": "\n"}, "--end-card has no text"),
        ({"card_font": "f.ttf"}, "--card-font is for cards"),
    ],
)
def test_options_that_cannot_be_meant(asked: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        Settings.of(**asked).titles.require_text()
    assert message in raised.value.what


def test_the_font_of_all_cards_can_change() -> None:
    from trailergen.rendering.typeset import FONT

    old = put(plan_of(), WHOLE)
    new = put(old, TitleSettings(card_font=FONT))
    assert [card.font for card in new.cards] == [str(FONT)] * 3
    assert [replace_font(card) for card in new.cards] == old.cards


def replace_font(card: Card) -> Card:
    return card.model_copy(update={"font": None})
