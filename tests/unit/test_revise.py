"""Revised plans: edits are granted, and what they do not touch stays."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from analyses import analysis, picture
from hypothesis import given, settings
from hypothesis import strategies as st

from trailergen.edit.bans import shot_ban
from trailergen.edit.compose import compose, versions
from trailergen.edit.draft import Draft
from trailergen.edit.revise.clips import revise_clips
from trailergen.edit.revise.request import Edits
from trailergen.errors import PlanError, UsageError
from trailergen.plans import Ban, Film, Music, Plan, Provenance, dump_plan, span, violations
from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.ssmp.decoders.scheduled import decode_scheduled
from trailergen.ssmp.score import leave_one_out

SHOTS, POSITIONS = 24, 8
RATE = 24
ANALYSIS = analysis([[picture(seed)] * 2 for seed in range(SHOTS)])
FILM = Film(path="film.mp4", sha256="0" * 64, rate=ANALYSIS.rate, frames=ANALYSIS.frames, width=64, height=36)
FEATURES = np.eye(SHOTS, dtype=np.float32)


def draft(lengths: tuple[int, ...] = (20, 30, 24, 18, 40, 22, 26, 20), bans: tuple[Ban, ...] = ()) -> Draft:
    """Positions of so many frames, under music of 24,000 samples a second."""
    bounds = np.concatenate([[0], np.cumsum(lengths)]) * 1000
    music = Music(path="track.wav", sha256="1" * 64, sample_rate=24000, part=span(0, int(bounds[-1])))
    return Draft(FILM, music, tuple(bounds.tolist()), ANALYSIS, FEATURES, bans)


def filler(seed: int):  # type: ignore[no-untyped-def]
    """A model of random taste, in which what stands beside a position counts."""
    taste = np.random.default_rng(seed).normal(size=(40, SHOTS)) * 4

    def fill(constraints: Constraints) -> DecodingResult:
        def predict(shots: np.ndarray) -> np.ndarray:
            known = np.where(shots >= 0, shots, 0).sum()
            return taste[: len(shots)] + np.sin(known + np.arange(SHOTS))

        return decode_scheduled(predict, relax_constraints(constraints), seed)

    return fill


def plan(seed: int = 0) -> Plan:
    asked = draft()
    provenance = Provenance(trailergen="0", seed=seed, encoder="x", decoder="scheduled", rounds=1, versions=versions())
    return compose(asked, filler(seed)(asked.constraints()), provenance)


def revised(old: Plan, edits: Edits, seed: int = 0, lengths: tuple[int, ...] | None = None) -> Plan:
    bans = (*old.bans, *edits.bans(old))
    new = revise_clips(old, draft(bans=bans) if lengths is None else draft(lengths, bans), edits, filler(seed))
    assert violations(new) == []
    return new


def dumped(plan: Plan) -> list[str]:
    return [position.model_dump_json() for position in plan.positions]


some = st.frozensets(st.integers(0, POSITIONS - 1), max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), some, some, st.lists(st.integers(0, SHOTS - 1), max_size=3), st.integers(0, 3))
def test_edits_are_granted_and_the_rest_stays(
    seed: int, reroll: frozenset[int], pin: frozenset[int], banned: list[int], again: int
) -> None:
    old = plan(seed)
    edits = Edits.of(pin=pin - reroll, reroll=reroll, ban=sorted(set(banned)))
    hit = {i for i, position in enumerate(old.positions) if position.shot in banned}
    if hit & set(edits.pins):
        with pytest.raises(PlanError, match="is pinned"):
            revised(old, edits, again)
        return
    new = revised(old, edits, again)
    touched = reroll | hit
    for index, (before, after) in enumerate(zip(old.positions, new.positions, strict=True)):
        assert before.id == after.id
        if index in touched:
            assert after.shot not in {before.shot, *banned}
            assert before.shot in after.rejected
        elif index in edits.pins:
            assert after.pinned and after.source == before.source
        else:
            assert dumped(old)[index] == dumped(new)[index]
    assert dump_plan(revised(old, edits, again)) == dump_plan(new)
    # A second roll does not bring back what the first one took away.
    twice = revised(new, Edits.of(reroll=reroll), again)
    for index in reroll:
        assert twice.positions[index].shot not in new.positions[index].rejected


def test_unknown_fields_stay() -> None:
    old = plan()
    old = Plan.model_validate(
        old.model_dump(by_alias=True)
        | {"editor": "me", "positions": [{**p.model_dump(by_alias=True), "note": p.id} for p in old.positions]}
    )
    new = revised(old, Edits.of(reroll=2))
    data = new.model_dump(by_alias=True)
    assert data["editor"] == "me"
    assert [position["note"] for position in data["positions"]] == [position.id for position in old.positions]


def test_a_swap_shows_the_alternative_and_offers_the_old_shot() -> None:
    old = plan()
    wanted = old.positions[3].alternatives[1]
    new = revised(old, Edits.of(swap={3: 2}))
    changed = new.positions[3]
    assert (changed.shot, changed.confidence, changed.round, changed.pinned) == (
        wanted.shot,
        wanted.probability,
        0,
        True,
    )
    assert changed.alternatives[0].shot == old.positions[3].shot
    assert wanted.shot not in [alternative.shot for alternative in changed.alternatives]
    assert dumped(old)[:3] + dumped(old)[4:] == dumped(new)[:3] + dumped(new)[4:]


def test_a_pinned_shot_is_taken_from_where_it_stood() -> None:
    old = plan()
    shot = old.positions[5].shot
    new = revised(old, Edits.of(pin={1: shot}))
    assert new.positions[1].shot == shot
    assert new.positions[5].shot != shot
    pinned = revised(old, Edits.of(pin={5: None}))
    with pytest.raises(PlanError, match=r"positions\[5\] is pinned"):
        revised(pinned, Edits.of(pin={1: shot}))
    with pytest.raises(UsageError, match="is pinned"):
        revised(pinned, Edits.of(reroll=5))
    free = revised(pinned, Edits.of(unpin=5, reroll=5))
    assert free.positions[5].shot != shot
    assert not free.positions[5].pinned


def test_a_moved_clip_takes_its_shot_along() -> None:
    old = plan()
    new = revised(old, Edits.of(move=((6, 1),)))
    order = [0, 6, 1, 2, 3, 4, 5, 7]
    assert [position.shot for position in new.positions] == [old.positions[i].shot for i in order]
    assert [position.id for position in new.positions] == [old.positions[i].id for i in order]
    assert [position.record for position in new.positions] == [position.record for position in old.positions]


def test_other_music_keeps_what_fits() -> None:
    old = revised(plan(), Edits.of(pin={4: None}))
    longer = (20, 10, 30, 24, 18, 40, 22, 46, 20, 44)
    new = revised(old, Edits(), lengths=longer)
    assert [len(position.record) for position in new.positions] == list(longer)
    kept = {position.shot for position in old.positions} & {position.shot for position in new.positions}
    assert len(kept) >= 6
    assert [position.shot for position in new.positions if position.pinned] == [old.positions[4].shot]
    assert len({position.id for position in new.positions}) == len(longer)
    both = revised(plan(), Edits.of(pin={1: None, 2: None}), lengths=(40, 30))
    assert [position.shot for position in both.positions] == [old.positions[1].shot, old.positions[2].shot]
    shorter = revised(old, Edits(), lengths=(40, 30))
    assert old.positions[4].shot in [position.shot for position in shorter.positions]
    with pytest.raises(PlanError, match="fewer than are pinned"):
        revised(revised(old, Edits.of(pin={1: None, 2: None})), Edits(), lengths=(40, 30))


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (Edits.of(reroll=8), "no position 8"),
        (Edits.of(swap={0: 99}), "no alternative 99"),
        (Edits.of(swap={0: 0}), "no alternative 0"),
        (Edits.of(pin={0: SHOTS}), f"no shot {SHOTS}"),
        (Edits.of(pin={0: None}, reroll=0), "contradict"),
        (Edits.of(pin={0: None}, unpin=0), "contradict"),
        (Edits.of(move=((0, 8),)), "no position 8"),
    ],
)
def test_edits_that_cannot_be_meant(edits: Edits, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        revised(plan(), edits)
    with pytest.raises(UsageError, match=f"no shot {SHOTS}"):
        shot_ban(plan(), SHOTS)


def test_a_clip_trimmed_by_hand_stays_and_what_it_runs_over_is_not_used_again() -> None:
    old = plan()
    shots = old.shots
    used = {position.shot for position in old.positions}
    alone = next(shot for shot in range(SHOTS - 1) if not {shot, shot + 1} & used)
    length = len(old.positions[0].record)
    by_hand = old.positions[0].model_copy(
        update={"shot": alone, "source": span(shots[alone].end - 5, shots[alone].end - 5 + length)}
    )
    old = old.model_copy(update={"positions": [by_hand, *old.positions[1:]]})
    new = revised(old, Edits.of(reroll=frozenset(range(1, POSITIONS))))
    assert new.positions[0] == by_hand
    assert alone + 1 not in [position.shot for position in new.positions]


def test_leave_one_out_asks_for_each_position_what_stands_there() -> None:
    shots, available = np.array([4, 2, 0]), np.array([True, False, True, True, True])
    seen: list[list[int]] = []

    def predict(rest: np.ndarray) -> np.ndarray:
        seen.append(rest.tolist())
        return np.log(np.array([[1.0, 50, 2, 4, 3]] * 3))

    found = leave_one_out(predict, shots, available)
    assert seen == [[-1, 2, 0], [4, -1, 0], [4, 2, -1]]
    # Each may be chosen against what is available and stands nowhere else: shot 3, of weight 4.
    assert [score.probability for score in found] == pytest.approx([3 / 7, 2 / 6, 1 / 5])
    assert [(score.rank, score.best) for score in found] == [(2, 3)] * 3
    assert all(a != b for a, b in pairwise(seen))


@pytest.mark.parametrize("rate", ["24/1", "24000/1001", "25/1", "30000/1001", "50/1", "60000/1001", "15/1"])
@pytest.mark.parametrize("seconds", [6, 10, 15, 20, 29.97, 30, 60, 90])
def test_a_length_in_seconds_is_met_to_the_nearest_frame(rate: str, seconds: float) -> None:
    start, samples = 12345, round(seconds * 48000)
    music = Music(path="m", sha256="1" * 64, sample_rate=48000, part=span(start, start + samples))
    film = FILM.model_copy(update={"rate": Fraction(rate)})
    made = Draft(film, music, (start, start + 70001, start + samples), ANALYSIS, FEATURES, ())
    assert abs(made.record_bounds[-1] - seconds * Fraction(rate)) <= Fraction(1, 2)


def test_the_draft_of_a_plan_has_its_positions() -> None:
    made = plan()
    asked = replace(draft(), bans=())
    assert asked.record_bounds == [0, *(position.record.end for position in made.positions)]
