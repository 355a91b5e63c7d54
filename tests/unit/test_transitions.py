"""Dissolves and dips in plans: which cuts get them, what they take, what exports say of them."""

import json
from itertools import pairwise
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from export_plans import events_of
from test_plan import parse, plan_json

from trailergen.edit.transitions import put_transitions
from trailergen.edit.usable import Usable
from trailergen.errors import PlanError, UsageError
from trailergen.plans import dump_plan
from trailergen.settings.plan import PlanSettings
from trailergen.settings.transitions import read_transitions
from trailergen.settings.tree import Settings
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.read.events import Join
from trailergen.timeline.write.fcp7 import fcp7_text
from trailergen.timeline.write.fcpxml import fcpxml_text
from trailergen.timeline.write.otio import otio_text

FREE = [Usable(start, start + 100, start + 100) for start in range(0, 400, 100)]


def plan_of(lengths=(60, 60, 60, 60), acts=(0, 0, 1, 1), **changes):
    data = plan_json(list(lengths)) | changes
    for shot, act in zip(data["shots"], acts, strict=True):
        shot["readings"] = {"act": act}
    return parse(data)


def put(plan, text, **rest):
    made, told = put_transitions(plan, read_transitions(text), FREE, **rest)
    return parse(json.loads(dump_plan(made))), told


def test_transitions_are_read_and_written():
    text = "dissolve:12@act,dip:8@7,cut@9"
    wishes = read_transitions(text)
    assert [str(wish) for wish in wishes] == text.split(",")
    settings = Settings(plan=PlanSettings(transitions=text))
    assert settings.to_options() == [part for wish in text.split(",") for part in ("--transition", wish)]
    assert Settings.from_provenance(settings.to_provenance()).plan.transitions == wishes
    assert "transitions" not in Settings().to_provenance()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wipe:12@3",
        "dissolve@3",
        "dissolve:1@3",
        "dip:999@3",
        "dip:8@0",
        "dip:8@00",
        "dip:8@-1",
        "cut@0",
        "cut:8@3",
        "cut",
    ],
)
def test_what_is_no_transition_is_refused(text):
    with pytest.raises(UsageError, match="--transition"):
        PlanSettings(transitions=text)


def test_a_dissolve_takes_its_handles_from_the_shots():
    made, told = put(plan_of(), "dissolve:12@2")
    (found,) = made.transitions
    assert (found.kind, found.position, found.record.start, found.record.end) == ("dissolve", "p002", 114, 126)
    assert told == []
    # The third clip began one frame into its shot and makes room for six before it.
    assert made.positions[2].source.start == 206 and made.positions[1].source == plan_of().positions[1].source


def test_acts_turn_where_the_film_does():
    made, _ = put(plan_of(), "dip:16@act")
    assert [(each.kind, each.position) for each in made.transitions] == [("dip", "p002")]
    made, told = put(plan_of(acts=(0, 0, 0, 0)), "dip:16@act")
    assert made.transitions == [] and "do not turn" in told[0]
    made, told = put(plan_of(acts=(0, 0, 0, 0)), "dip:16@act,dissolve:12@2")
    assert len(made.transitions) == 1 and told == ["dip:16@act: the film's acts do not turn in this trailer"]


def test_for_the_same_cut_the_last_wish_counts():
    made, _ = put(plan_of(), "dissolve:12@act,dip:8@2")
    assert [(each.kind, len(each.record)) for each in made.transitions] == [("dip", 8)]


def test_a_cut_is_no_transition_and_takes_one_away():
    old, told = put(plan_of(), "dissolve:12@1,dip:8@2,cut@1")
    assert [(each.kind, each.position) for each in old.transitions] == [("dip", "p002")] and told == []
    assert put(plan_of(), "cut@2", old=old)[0].transitions == []
    assert put(plan_of(), "cut@3", old=old)[0].transitions == old.transitions
    with pytest.raises(UsageError, match="no position 9"):
        put(plan_of(), "cut@9")


def test_where_there_is_too_little_room_it_is_shorter_or_left_out_and_told():
    made, told = put(plan_of((96, 60, 60, 60)), "dissolve:12@1")
    assert len(made.transitions[0].record) < 12 and "not 12" in told[0]
    pinned = plan_of()
    pinned.positions[2].pinned = True
    made, told = put(pinned, "dissolve:12@2")
    assert len(made.transitions[0].record) == 3 and made.positions[2].source == pinned.positions[2].source
    made, told = put(plan_of((3, 3, 60, 60)), "dip:12@1")
    assert [len(each.record) for each in made.transitions] == [2]


def test_nothing_lies_under_a_card_or_in_the_closing_fade():
    card = {"text": "A", "record": {"in": 125, "out": 180}}
    made, told = put(plan_of(cards=[card]), "dissolve:20@2")
    assert made.transitions[0].record.end <= 125 and "not 20" in told[0]
    made, told = put(plan_of(cards=[card]), "dissolve:20@3")
    assert made.transitions == [] and "left out" in told[0]
    data = plan_json([60] * 4)
    data["music"]["fade_out"] = 2000 * 55
    made, told = put_transitions(parse(data), read_transitions("dip:20@3"), FREE)
    assert len(made.transitions[0].record) == 10


def test_many_dissolves_do_not_touch_each_other():
    made, _ = put(plan_of((40, 40, 40, 40)), "dissolve:24@1,dissolve:24@2,dissolve:24@3")
    assert all(one.record.end <= other.record.start for one, other in pairwise(made.transitions))
    assert len(made.transitions) == 3


def test_a_position_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match="no position 9"):
        put(plan_of(), "dip:8@9")


def test_a_revised_plan_keeps_those_whose_clips_still_follow_each_other():
    old, _ = put(plan_of(), "dissolve:12@2,dip:8@3")
    bare = old.model_copy(update={"transitions": []})
    made, _ = put_transitions(bare, (), FREE, old=old)
    assert made.transitions == old.transitions and made.positions == old.positions
    swapped = bare.model_copy(update={"positions": [*bare.positions[:2], bare.positions[3], bare.positions[2]]})
    assert put_transitions(swapped, (), FREE, old=old)[0].transitions == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"position": "p000"}, "no position that another goes before"),
        ({"record": {"in": 121, "out": 130}}, "does not lie over the cut"),
        ({"record": {"in": 40, "out": 126}}, "does not lie over the cut"),
    ],
)
def test_transitions_by_hand_are_checked(changes, message):
    data = json.loads(dump_plan(put(plan_of(), "dissolve:12@2")[0]))
    data["transitions"][0] |= changes
    with pytest.raises(PlanError, match=message):
        parse(data)


def test_handles_outside_the_film_or_banned_are_refused():
    data = json.loads(dump_plan(put(plan_of(), "dissolve:12@1")[0]))
    data["bans"] = [{"range": {"in": 62, "out": 64}, "why": "me"}]
    with pytest.raises(PlanError, match="banned by me"):
        parse(data)
    data["bans"] = []
    data["positions"][1]["source"] = {"in": 340, "out": 400}
    data["positions"][1]["shot"] = 3
    data["positions"][3]["shot"] = 1
    data["positions"][3]["source"] = {"in": 101, "out": 161}
    data["transitions"] = [{"kind": "dissolve", "position": "p002", "record": {"in": 114, "out": 126}}]
    with pytest.raises(PlanError, match="does not have"):
        parse(data)


def test_a_plan_without_transitions_is_written_as_ever():
    assert "transition" not in dump_plan(plan_of())


def test_exports_say_them_and_keep_every_clip_at_its_frame(tmp_path):
    made, _ = put(plan_of(), "dissolve:13@2,dip:8@3")
    timeline = events_of(made)
    clips = [(position.record, position.source) for position in made.positions]
    dissolve, dip = Join("dissolve", 120, 13), Join("dip", 180, 8)
    formats = ((".otio", otio_text, (dissolve, dip)), (".xml", fcp7_text, (dissolve, dip)))
    for suffix, write, joins in (*formats, (".fcpxml", fcpxml_text, (dissolve,))):
        path = tmp_path / f"cut{suffix}"
        path.write_text(write(timeline), encoding="utf-8")
        cut = read_cut(path, made.film)
        assert [(clip.record, clip.source) for clip in cut.clips] == clips, suffix
        assert cut.joins == joins and cut.remarks == (), suffix
    written = otio.adapters.read_from_string(otio_text(timeline), "otio_json")
    joins = [item for item in written.video_tracks()[0] if isinstance(item, otio.schema.Transition)]
    assert [(join.in_offset.value, join.out_offset.value) for join in joins] == [(6, 7), (4, 4)]
    items = ElementTree.fromstring(fcp7_text(timeline).partition("<!DOCTYPE xmeml>")[2]).iter("transitionitem")
    names = [(item.findtext("effect/name"), item.findtext("start"), item.findtext("end")) for item in items]
    assert names == [("Cross Dissolve", "114", "127"), ("Dip to Color Dissolve", "176", "184")]
    assert '<transition name="Cross Dissolve" offset="19/4s" duration="13/24s"' in fcpxml_text(timeline)
    assert "13 frames of dissolve into it" in timeline.film[2].marker.text
