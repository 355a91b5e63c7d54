"""Bans are lifted again: of a shot, of a time, of a part of what was banned; what is left stays banned."""

from __future__ import annotations

import pytest
from test_revise import plan

from trailergen.edit.bans import frames_without, unbanned
from trailergen.edit.revise.changes import changes
from trailergen.edit.revise.request import EditRequest, Edits
from trailergen.errors import UsageError
from trailergen.plans import Ban, Plan, span

SHOT_5 = Ban(range=span(240, 288), why="--ban shot:5")
ENDING = Ban(range=span(800, 1152), why="--spoiler-free 0.7")


def banned(*bans: Ban) -> Plan:
    return plan().model_copy(update={"bans": list(bans)})


def lifted(old: Plan, **wishes: object) -> Plan:
    edits = Edits.of(**wishes)
    return unbanned(old, edits.unbans(old))


def test_what_is_left_of_a_range() -> None:
    whole = span(10, 20)
    assert frames_without(whole, span(20, 30)) == [whole]
    assert frames_without(whole, span(5, 12)) == [span(12, 20)]
    assert frames_without(whole, span(12, 15)) == [span(10, 12), span(15, 20)]
    assert frames_without(whole, span(10, 20)) == []


def test_the_ban_of_a_shot_is_lifted_and_others_stay() -> None:
    old = banned(SHOT_5, ENDING)
    assert [shot.start for shot in old.shots[4:7]] == [192, 240, 288]
    assert lifted(old, unban=5).bans == [ENDING]
    assert lifted(old, unban="shot:5").bans == [ENDING]
    assert lifted(old, unban="0:10-0:12").bans == [ENDING]


def test_of_a_longer_ban_the_rest_stays_with_its_reason() -> None:
    new = lifted(banned(ENDING), unban="shot:20")
    assert [(ban.range, ban.why) for ban in new.bans] == [
        (span(800, 960), ENDING.why),
        (span(1008, 1152), ENDING.why),
    ]


@pytest.mark.parametrize(
    ("text", "message"), [("shot:3", "--unban shot:3 lifts nothing"), ("shot:99", "no shot 99"), ("1:00-1:10", "unban")]
)
def test_what_cannot_be_lifted(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        lifted(banned(SHOT_5), unban=text)


def test_it_is_a_wish_told_and_remembered() -> None:
    old = banned(SHOT_5, ENDING)
    request = EditRequest.of(unban="shot:5,shot:20", ban="shot:7")
    request.require_wish()
    assert request.remembered() == ["--ban shot:7", "--unban shot:5,shot:20"]
    free = lifted(old, unban="shot:5,shot:20")
    new = free.model_copy(update={"bans": [*free.bans, *Edits.of(ban="shot:7").bans(old)]})
    assert changes(old, new, request.edits) == [
        "never shown: film frames 336 to 384 (--ban shot:7)",
        "may be shown again: film frames 240 to 288 (--ban shot:5)",
        "may be shown again: film frames 960 to 1008 (--spoiler-free 0.7)",
    ]
