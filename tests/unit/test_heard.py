"""The lines of a trailer are told, and lie beside it as subtitles."""

from __future__ import annotations

import json
from pathlib import Path

import pysubs2
import pytest
from test_plan import plan_json

from trailergen.dialogue.heard import as_subrip, check_subtitle_path, tell_accents, tell_lines
from trailergen.errors import UsageError
from trailergen.plans import Plan, parse_plan

LINES = [
    {
        "id": "l0",
        "text": "Hello <there>.",
        "source": {"in": 96_000, "out": 144_000},
        "record": {"in": 0, "out": 48_000},
    },
    {
        "id": "l1",
        "text": "Grüße & mehr.",
        "source": {"in": 240_000, "out": 264_024},
        "record": {"in": 48_024, "out": 72_048},
    },
]


def plan_with(lines: list[dict[str, object]], sound: str = "lines", path: Path | None = None) -> Plan:
    narration = {"lines": lines, "subtitles": path and {"path": str(path), "sha256": "0" * 64}}
    return parse_plan(json.dumps(plan_json([72, 72], 240) | {"sound": {"film": sound}, "narration": narration}))


def test_subtitles_of_a_trailer(tmp_path: Path) -> None:
    text = as_subrip(plan_with(LINES))
    assert text.startswith("1\n00:00:00,000 --> 00:00:01,000\nHello <there>.\n\n2\n00:00:01,001 --> ")
    read = pysubs2.SSAFile.from_string(text, keep_html_tags=True)
    assert [(event.start, event.end, event.text) for event in read] == [
        (0, 1000, "Hello <there>."),
        (1001, 1501, "Grüße & mehr."),
    ]


def test_each_line_is_told() -> None:
    told: list[str] = []
    tell_lines(plan_with(LINES), told.append)
    assert told == [
        "line 0 at 0:00:00.000, in the film at 0:00:02.000: Hello <there>.",
        "line 1 at 0:00:01.001, in the film at 0:00:05.000: Grüße & mehr.",
    ]


@pytest.mark.parametrize(("lines", "sound"), [([], "lines"), (LINES, "none")])
def test_nothing_is_told_of_what_is_not_heard(lines: list[dict[str, object]], sound: str) -> None:
    told: list[str] = []
    tell_lines(plan_with(lines, sound), told.append)
    assert told == [] and as_subrip(plan_with(lines, sound)) == ""


def test_the_films_subtitles_are_never_replaced(tmp_path: Path) -> None:
    given = tmp_path / "film.srt"
    given.write_text("1\n")
    check_subtitle_path(tmp_path / "other.mp4", plan_with(LINES, path=given), given)
    for plan, named in ((plan_with(LINES, path=given), None), (None, given)):
        with pytest.raises(UsageError, match="would replace the film's"):
            check_subtitle_path(tmp_path / "film.mp4", plan, named)


def test_accents_that_find_no_place_are_told() -> None:
    told: list[str] = []
    tell_accents(plan_with(LINES), told.append)
    assert told == []  # none are asked for
    data = plan_json([48] * 10, 60) | {"sound": {"film": "lines", "accents": {"turn": 5}}}
    tell_accents(parse_plan(json.dumps(data)), told.append)
    assert told == []
    at = 9 * 96_000
    line = {
        "id": "l0",
        "text": "Hi.",
        "source": {"in": 0, "out": 96_000},
        "record": {"in": at - 48_000, "out": at + 48_000},
    }
    tell_accents(parse_plan(json.dumps(data | {"narration": {"lines": [line]}})), told.append)
    assert len(told) == 1 and told[0].startswith("accents without a place: drop-out;")
