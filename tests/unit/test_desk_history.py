"""States of a plan on the disk: added, gone back to, and whole after a kill at any moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from counterfilm import make_plan

from trailergen.desk.history import History
from trailergen.plans import Plan, dump_plan, plan_sha256, read_plan


def state(first: int) -> Plan:
    return make_plan([(first, first + 20), (100, 130)], frames=200)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "cut.desk", state(0))


def test_undo_and_redo_go_along_the_states(history: History) -> None:
    for first in (1, 2, 3):
        history.add(state(first), [f"--slip 0:+{first}"], ["another part"])
    history.undo()
    history.undo()
    assert history.plan == state(1)
    history.redo()
    assert (history.plan, history.can_redo) == (state(2), True)
    history.redo()
    history.redo()
    assert (history.plan, history.can_redo) == (state(3), False)
    for _ in range(9):
        history.undo()
    assert (history.plan, history.can_undo) == (state(0), False)


def test_each_file_is_the_text_of_its_plan_whichever_shots_it_has(history: History) -> None:
    first = history.plan
    flagged = [shot.model_copy(update={"flags": ["text"]}) for shot in first.shots]
    odd = [shot.model_copy(update={"flags": ['a\n "shots": []', "\u2028"]}) for shot in first.shots]
    for number, shots in enumerate((first.shots, flagged, flagged, odd, [], first.shots), 1):
        plan = first.model_copy(update={"shots": shots, "relaxed": ['\n "shots": [],', str(number)]})
        revision = history.add(plan, [], [])
        assert history.path_of(number).read_text(encoding="utf-8") == dump_plan(plan)
        assert revision.sha256 == plan_sha256(plan)


def test_an_edit_after_undo_begins_a_branch_and_loses_nothing(history: History) -> None:
    history.add(state(1), ["one"], [])
    history.undo()
    history.add(state(2), ["other"], [])
    assert not history.can_redo
    assert [(one.number, one.parent) for one in history.revisions] == [(0, None), (1, 0), (2, 0)]
    history.go(1)
    assert history.plan == state(1)
    with pytest.raises(KeyError):
        history.go(7)


def test_it_goes_on_where_it_was_left(history: History) -> None:
    history.add(state(1), ["one"], [])
    history.add(state(2), ["two"], [])
    history.undo()
    again = History(history.folder, state(0))
    assert (again.at, again.plan, again.can_redo) == (1, state(1), True)
    assert read_plan(history.folder / "0002.plan.json") == state(2)


def test_a_plan_that_was_edited_elsewhere_is_a_state_of_its_own(history: History) -> None:
    history.add(state(1), ["one"], [])
    again = History(history.folder, state(9))
    assert (again.plan, again.revision.parent) == (state(9), 1)
    again.undo()
    assert again.plan == state(1)


def test_what_a_kill_left_half_made_is_none(history: History) -> None:
    history.add(state(1), ["one"], [])
    (history.folder / "0002.plan.json").write_text("{", encoding="utf-8")
    (history.folder / ".0002-abc.json").write_text("{", encoding="utf-8")
    again = History(history.folder, state(0))
    assert again.plan == state(1)
    assert again.add(state(2), ["two"], []).number == 2
    assert History(history.folder, state(0)).plan == state(2)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": 5, "redo": []}', '{"at": 0, "redo": [7]}', '{"at": "x"}'])
def test_a_lost_pointer_is_the_last_state(history: History, text: str) -> None:
    history.add(state(1), ["one"], [])
    (history.folder / "pointer.json").write_text(text, encoding="utf-8")
    assert History(history.folder, state(0)).plan == state(1)


def test_a_damaged_entry_ends_the_chain_there(history: History) -> None:
    for first in (1, 2):
        history.add(state(first), [], [])
    (history.folder / "0001.json").write_text("no json", encoding="utf-8")
    again = History(history.folder, state(0))
    assert (again.plan, again.can_undo) == (state(2), False)
    assert [one.number for one in again.revisions] == [0, 2]


def test_what_was_asked_is_remembered(history: History) -> None:
    history.add(state(1), ["--reroll 3"], ["position 3: shot 1 -> shot 2"])
    kept = json.loads((history.folder / "0001.json").read_text(encoding="utf-8"))
    assert (kept["asked"], kept["told"]) == (["--reroll 3"], ["position 3: shot 1 -> shot 2"])
