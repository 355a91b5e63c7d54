"""What a film alone decides is kept in the cache: held again bit for bit, and made again where it is damaged."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trailergen.api.revise import revise
from trailergen.edit import draft as drafts
from trailergen.edit import duplicates, groundwork, scenes
from trailergen.edit.model import ModelFiller
from trailergen.edit.reopen import Reopened, reopen
from trailergen.plans import Plan, dump_plan, read_plan
from trailergen.runtime.cache import StageCache
from trailergen.session import Session
from trailergen.ssmp import spaces
from trailergen.ssmp.types import MASKED
from trailergen.style import material, parties

FOUND = {
    "scenes": (scenes, "scene_numbers"),
    "near-duplicates": (duplicates, "near_duplicates"),
    "looks": (drafts, "film_looks"),
    "likeness": (material, "likeness"),
    "parties": (parties, "parties"),
    "appeal": (drafts, "film_appeal"),
    "tokens": (spaces, "film_tokens"),
}


@pytest.fixture
def plan(shared_cache: Path) -> Plan:
    return read_plan(shared_cache.parent / "example.plan.json")


@pytest.fixture
def cache(shared_cache: Path, tmp_path: Path) -> Path:
    """A cache of its own that knows the film, and no groundwork."""
    copy = tmp_path / "cache"
    shutil.copytree(shared_cache / "stages", copy / "stages")
    for entry in entries(copy):
        entry.unlink()
    return copy


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is computed from now on, in its order."""
    names: list[str] = []
    for name, (module, function) in FOUND.items():
        remembered = getattr(module, function)
        compute = remembered._function

        def told(*arguments: Any, name: str = name, compute: Any = compute) -> Any:
            names.append(name)
            return compute(*arguments)

        monkeypatch.setattr(remembered, "_function", told)
    return names


def entries(cache: Path) -> list[Path]:
    return list((cache / "stages").glob("groundwork-*"))


def opened(plan: Plan, cache: Path) -> Reopened:
    return reopen(Session(cache), plan, None, None, plan.bans)


def everything(known: Reopened) -> dict[str, Any]:
    """All that a change asks the groundwork for, and what is built on it."""
    draft = known.draft
    asked, appeal = draft.constraints(), draft.appeal
    assert asked.energy is not None and appeal is not None and isinstance(known.filler, ModelFiller)
    predict = known.filler.planner.predictor(draft.features, draft.facts, draft.count, draft.positions)
    return {
        "usable": np.array([[part.start, part.end, part.run_on_end] for part in draft.usable]),
        "near-duplicates": asked.near_duplicates,
        "unary": asked.energy.unary,
        "pairwise": asked.energy.pairwise,
        "repeated": asked.energy.repetition_penalty,
        "party": asked.energy.party,
        "subject": appeal.subject,
        "lively": appeal.lively,
        "logits": predict(np.full(draft.count, MASKED)),
    }


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name, values in one.items():
        assert values.dtype == other[name].dtype, name
        np.testing.assert_array_equal(values, other[name], name)


def test_it_is_held_again_bit_for_bit(plan: Plan, cache: Path, computed: list[str]) -> None:
    first = opened(plan, cache)
    wanted = everything(first)
    assert sorted(set(computed)) == sorted(FOUND)
    first.groundwork.keep()
    assert len(entries(cache)) == 1
    computed.clear()
    assert_same(wanted, everything(opened(plan, cache)))
    assert computed == []


def test_a_revision_is_the_same_with_and_without(plan: Plan, cache: Path) -> None:
    without = dump_plan(revise(plan, reroll=[1], session=Session(cache)))
    assert entries(cache) == []
    opened(plan, cache).groundwork.keep()
    assert dump_plan(revise(plan, reroll=[1], session=Session(cache))) == without


@pytest.mark.parametrize("damage", ["cut short", "one byte", "a folder"])
def test_a_damaged_one_is_made_again(plan: Plan, cache: Path, computed: list[str], damage: str) -> None:
    known = opened(plan, cache)
    wanted = everything(known)
    known.groundwork.keep()
    (entry,) = entries(cache)
    whole, kept = entry.read_bytes(), StageCache(cache).load(entry.stem)
    entry.unlink()
    if damage == "a folder":
        entry.mkdir()
    else:
        changed = bytearray(whole)
        changed[len(whole) // 2] ^= 1
        entry.write_bytes(whole[:1000] if damage == "cut short" else bytes(changed))
    computed.clear()
    again = opened(plan, cache)
    assert_same(wanted, everything(again))
    assert set(computed) == {*FOUND}
    again.groundwork.keep()
    mended = StageCache(cache).load(entry.stem)
    assert kept is not None and mended is not None
    assert_same(kept.arrays, mended.arrays)


def test_other_flags_are_another_groundwork(plan: Plan, cache: Path, computed: list[str]) -> None:
    opened(plan, cache).groundwork.keep()
    other = plan.model_copy(deep=True)
    other.shots[0].flags = [*other.shots[0].flags, "credits"]
    computed.clear()
    known = opened(other, cache)
    everything(known)
    assert "looks" in computed
    known.groundwork.keep()
    assert len(entries(cache)) == 2


def test_without_rules_there_is_none(plan: Plan, cache: Path) -> None:
    settings = {**plan.provenance.settings, "style": {"name": "none", "weights": {}}}
    bare = plan.model_copy(update={"provenance": plan.provenance.model_copy(update={"settings": settings})})
    known = opened(bare, cache)
    known.groundwork.keep()
    assert entries(cache) == []


def test_another_version_is_another_groundwork(plan: Plan, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(plan, cache).groundwork.keep()
    monkeypatch.setattr(groundwork, "GROUNDWORK_VERSION", groundwork.GROUNDWORK_VERSION + 1)
    opened(plan, cache).groundwork.keep()
    assert len(entries(cache)) == 2
