from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailergen.errors import InputError, PlanError
from trailergen.plans import Plan, dump_plan, json_schema, parse_plan, read_plan

SHA = "0" * 64


def plan_json(lengths: list[int], shot_frames: int = 100) -> dict[str, Any]:
    """A valid plan at 24 frames/s with one clip of the given length from each shot."""
    shots = [{"number": i, "in": i * shot_frames, "out": (i + 1) * shot_frames} for i in range(len(lengths))]
    positions, at = [], 0
    for i, length in enumerate(lengths):
        positions.append(
            {
                "id": f"p{i:03d}",
                "shot": i,
                "source": {"in": i * shot_frames + 1, "out": i * shot_frames + 1 + length},
                "record": {"in": at, "out": at + length},
                "confidence": 0.5,
                "round": 1,
            }
        )
        at += length
    return {
        "schema": "trailergen.plan/1",
        "film": {
            "path": "/films/a film.mkv",
            "sha256": SHA,
            "rate": "24/1",
            "frames": shot_frames * len(lengths),
            "width": 640,
            "height": 360,
        },
        "music": {"path": "/m.wav", "sha256": SHA, "sample_rate": 48000, "part": {"in": 0, "out": at * 2000}},
        "sequence": {"rate": "24/1", "frames": at, "width": 640, "height": 360},
        "shots": shots,
        "segments": [{"in": p["record"]["in"] * 2000, "out": p["record"]["out"] * 2000} for p in positions],
        "positions": positions,
        "provenance": {"trailergen": "0", "seed": 0, "encoder": "e", "decoder": "d", "rounds": 1},
    }


def parse(data: dict[str, Any]) -> Plan:
    return parse_plan(json.dumps(data))


@given(st.lists(st.integers(1, 98), min_size=1, max_size=12))
def test_a_plan_is_written_and_read_without_change(lengths: list[int]) -> None:
    plan = parse(plan_json(lengths))
    assert parse_plan(dump_plan(plan)) == plan
    assert dump_plan(parse_plan(dump_plan(plan))) == dump_plan(plan)


def test_readings_are_kept_and_a_plan_without_them_is_read() -> None:
    data = plan_json([10, 20])
    data["shots"][1]["readings"] = {"closeness": 0.25, "setup": 3}
    plan = parse(data)
    assert [shot.readings for shot in plan.shots] == [{}, {"closeness": 0.25, "setup": 3}]
    assert '"setup": 3' in dump_plan(plan)
    data["shots"][1]["readings"] = {"closeness": "near"}
    with pytest.raises(PlanError, match="readings"):
        parse(data)


def test_unknown_fields_survive() -> None:
    data = plan_json([10, 20])
    data["editor"] = {"mood": "wet"}
    data["positions"][1]["colour"] = "red"
    written = json.loads(dump_plan(parse(data)))
    assert written["editor"] == {"mood": "wet"}
    assert written["positions"][1]["colour"] == "red"


def _set(*path: Any) -> Callable[[dict[str, Any]], None]:
    *keys, last, value = path

    def change(data: Any) -> None:
        for key in keys:
            data = data[key]
        data[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (_set("positions", 1, "record", {"in": 11, "out": 31}), "$.positions[1].record: leaves a gap"),
        (_set("positions", 1, "record", {"in": 9, "out": 29}), "$.positions[1].record: overlaps"),
        (_set("positions", 1, "source", {"in": 101, "out": 120}), "$.positions[1].source: 19 frames"),
        (_set("positions", 1, "source", {"in": 90, "out": 110}), "$.positions[1].source: does not start in shot 1"),
        (_set("positions", 1, "source", {"in": 195, "out": 215}), "$.positions[1].source: ends after the film"),
        (_set("positions", 0, "source", {"in": 95, "out": 105}), "$.positions[1]: shows shot 1"),
        (_set("positions", 1, "shot", 7), "$.positions[1].shot: the film has no shot 7"),
        (_set("positions", 1, "id", "p000"), "$.positions[1].id"),
        (_set("positions", 0, "record", {"in": 3, "out": 3}), "$.positions[0].record"),
        (_set("shots", 1, "number", 5), "$.shots[1].number"),
        (_set("shots", 1, "in", 50), "$.shots[1]: overlaps"),
        (_set("sequence", "frames", 31), "$.sequence.frames"),
        (_set("sequence", "height", 361), "$.sequence"),
        (_set("sequence", "rate", "25"), "$.sequence.rate"),
        (_set("film", "rate", 23.976), "$.film.rate"),
        (_set("film", "rate", "1/0"), "$.film.rate"),
        (_set("film", "sha256", "x"), "$.film.sha256"),
        (_set("music", "part", {"in": 0, "out": 10}), "$.music.part"),
        (_set("bans", [{"range": {"in": 0, "out": 5}, "why": "--ban 0-1"}]), "$.positions[0].source: shows frames"),
        (_set("positions", []), "$.positions"),
        (_set("segments", []), "$.segments"),
        (_set("sequence", "width", 1_000_000), "$.sequence.width"),
        (_set("positions", 0, "alternatives", [{"shot": 1, "probability": -3}]), "$.positions[0].alternatives[0]"),
    ],
)  # fmt: skip
def test_every_violation_names_its_place(change: Callable[[dict[str, Any]], None], path: str) -> None:
    data = plan_json([10, 20])
    parse(data)
    change(data)
    with pytest.raises(PlanError) as caught:
        parse(data)
    assert path in str(caught.value)
    assert caught.value.exit_code == 6


def test_all_violations_are_listed_at_once() -> None:
    data = plan_json([10, 20])
    _set("positions", 1, "shot", 7)(data)
    _set("sequence", "frames", 31)(data)
    with pytest.raises(PlanError, match=r"(?s)no shot 7.*sequence\.frames"):
        parse(data)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema": "trailergen.plan/9"}', "[" * 100_000])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        parse_plan(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_a_plan_or_a_plan_error(value: Any) -> None:
    data: Any = {**plan_json([10, 20]), **value} if isinstance(value, dict) else value
    with suppress(PlanError):
        parse_plan(json.dumps(data))


def test_a_missing_plan_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_plan(tmp_path / "none.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PlanError, match="UTF-8"):
        read_plan(tmp_path / "binary.json")


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    plan = parse(plan_json([10, 20]))
    (tmp_path / "plan.json").write_bytes(b"\xef\xbb\xbf" + dump_plan(plan).encode())
    assert read_plan(tmp_path / "plan.json") == plan


def test_the_published_schema_is_that_of_the_code_and_accepts_plans() -> None:
    published = Path(__file__).parents[2] / "docs" / "plan.schema.json"
    assert published.read_text() == json_schema(), "write json_schema() of trailergen.plans there"
    validator = jsonschema.Draft202012Validator(json.loads(json_schema()))
    data = plan_json([10, 20])
    validator.validate(data)
    validator.validate(json.loads(dump_plan(parse_plan(json.dumps(data)))))
    data["positions"][0]["shot"] = "three"
    assert not validator.is_valid(data)
