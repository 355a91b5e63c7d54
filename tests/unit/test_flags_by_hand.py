"""Flags of shots overruled by hand, in a list or a revision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from analyses import analysis, picture
from test_revise import plan

from trailergen.edit.flags import by_hand, note_overruled, overruled, read_flags, unflagged
from trailergen.edit.revise.request import Edits
from trailergen.errors import InputError, UsageError
from trailergen.plans import Plan, dump_plan
from trailergen.settings.tree import Settings

FILM = analysis([[picture(seed)] for seed in range(24)], flags={2: ("text",), 5: ("black", "text")})


def listed(folder: Path, text: str) -> Path:
    path = folder / "flags.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "shot,flags\n2,\n5,black\n7-8,credits text\n",
        "\ufeffshot;flags\n2;\n5;black\n7-8;credits+text\n",
        "time,flags\n0:02-0:03,\n0:05-0:06,black\n0:07-0:09,text credits\n",
        "shot,time,flags\n2,,\n,5-6,BLACK\n7,,text credits\n8,,credits  text\n",
        "number,in,out,flags,loved\nshot:2,1,1,,yes\n5,1,1,black,no\n7 - 8,,,text|credits,\n",
    ],
)
def test_a_list_overrules_what_was_found(tmp_path: Path, text: str) -> None:
    found = overruled(FILM, read_flags(listed(tmp_path, text)), "flags.csv")
    flagged = {shot.number: shot.flags for shot in found.shots if shot.flags}
    assert flagged == {5: ("black",), 7: ("credits", "text"), 8: ("credits", "text")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no columns shot and flags"),
        ("shot\n3\n", "no columns shot and flags"),
        ("shot,flags\n", "name no shot"),
        ("shot,flags\n3,txet\n", "line 2: 'txet' is no flag"),
        ("shot,flags\n3,text\nx,text\n", "line 3: 'x' is no shot"),
        ("shot,flags\n9-7,text\n", "line 2: '9-7' is no shot"),
        ("time,flags\n9,text\n", "line 2: '9' is no range"),
        ("time,flags\n,text\n", "line 2: '' is no range"),
        ('shot,flags\n"3,text\n', "is no CSV"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_flags(listed(tmp_path, text))


def test_a_list_that_cannot_be_read_or_names_no_shot_of_the_film(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the flags"):
        read_flags(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"shot,flags\n\xe9,text\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_flags(tmp_path / "latin.csv")
    for text in ("shot,flags\n24,text\n", "time,flags\n1:00-1:10,text\n"):
        with pytest.raises(UsageError, match=r"flags\.csv line 2 is about no shot"):
            overruled(FILM, read_flags(listed(tmp_path, text)), "flags.csv")


def flagged_plan() -> Plan:
    made = plan()
    shots = [shot.model_copy(update={"flags": list(FILM.shots[shot.number].flags)}) for shot in made.shots]
    return made.model_copy(update={"shots": shots})


def test_a_plan_remembers_what_was_found_and_only_where_it_was_overruled() -> None:
    old = flagged_plan()
    assert "found_flags" not in dump_plan(old) and [*by_hand(old)] == []
    new = unflagged(old, Edits.of(unflag="shot:5").unflags)
    shot = json.loads(dump_plan(new))["shots"][5]
    assert (shot["flags"], shot["found_flags"]) == ([], ["black", "text"])
    assert [*by_hand(new)] == ["shot 5: black text -> none"]
    assert dump_plan(new).count("found_flags") == 1
    listed_plan = note_overruled(old.model_copy(update={"shots": new.shots}), FILM)
    assert [*by_hand(listed_plan)] == ["shot 5: black text -> none"]


@pytest.mark.parametrize(("shots", "message"), [("24", "no shot 24"), ("3", "shot 3 has no flag"), ("x", "is no shot")])
def test_what_cannot_be_unflagged(shots: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        unflagged(flagged_plan(), Edits.of(unflag=shots).unflags)


def test_settings_note_the_name_of_a_list_only_where_there_is_one() -> None:
    assert "flags" not in Settings().to_provenance()
    assert Settings().changed(flags="some/where.csv").to_provenance()["flags"] == "where.csv"
    assert Edits.of(unflag=[2, 5]).unflags == (2, 5) and Edits.of(unflag="2,4-5").unflags == (2, 4, 5)


def test_times_of_a_list_may_be_timecodes(tmp_path: Path) -> None:
    rules = read_flags(listed(tmp_path, "time,flags\n00:00:03:00-00:00:04:00,card\n"))
    assert overruled(FILM, rules, "flags.csv").shots[3].flags == ("card",)
    later = read_flags(listed(tmp_path, "time,flags\n01:00:03:00-01:00:04:00,card\n"))
    assert overruled(FILM, later, "flags.csv", "01:00:00:00").shots[3].flags == ("card",)
