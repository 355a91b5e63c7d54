"""The parts of a film whose proxies are made: they cover it, in order, and are known by their edges."""

from __future__ import annotations

from itertools import pairwise

from counterfilm import make_plan

from trailergen.desk.parts import PART_FRAMES, Parts, shown
from trailergen.plans import Plan, Transition, span


def long() -> Plan:
    plan = make_plan([(0, 20), (600, 640)], frames=1000)
    return plan


def test_parts_follow_each_other_to_the_end_of_the_film() -> None:
    plan = long()
    parts = Parts(plan).over(span(0, plan.film.frames))
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    assert (parts[0][0], parts[-1][1]) == (plan.shots[0].start, plan.film.frames)
    assert all(0 < end - start <= PART_FRAMES for start, end in parts)
    edges = {start for start, _ in parts}
    assert {shot.start for shot in plan.shots} <= edges


def test_a_clip_needs_the_parts_it_lies_in() -> None:
    parts = Parts(long())
    every = parts.over(span(0, 1000))
    start, end = every[1]
    assert parts.over(span(start, start + 1)) == [(start, end)]
    assert parts.over(span(end - 1, end + 1)) == every[1:3]


def test_only_parts_of_the_film_are_there() -> None:
    parts = Parts(long())
    start, end = parts.over(span(0, 1000))[1]
    assert parts.has(start, end)
    for wrong in ((start, end + 1), (start + 1, end), (-5, 3), (10**9, 10**9 + 1)):
        assert not parts.has(*wrong)


def test_clips_come_before_their_alternatives() -> None:
    plan = long()
    wanted = Parts(plan).wanted(plan)
    assert len(wanted) == len(set(wanted))
    assert wanted[0] in Parts(plan).over(plan.positions[0].source)


def test_a_dissolve_needs_the_frames_beside_its_clips() -> None:
    plan = make_plan([(20, 60), (192, 240), (300, 340)], frames=1000)
    ids = [position.id for position in plan.positions]
    joins = [
        Transition(kind="dissolve", position=ids[1], record=span(35, 46)),
        Transition(kind="dip", position=ids[2], record=span(80, 96)),
    ]
    plan = plan.model_copy(update={"transitions": joins})
    assert shown(plan) == [span(20, 66), span(187, 240), span(300, 340)]
    parts = Parts(plan)
    assert {*parts.over(span(187, 192)), *parts.over(span(60, 66))} <= {*parts.wanted(plan)}
