"""The detector finds the shots of both example films."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trailergen.cli import app

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module", params=["film", "cake"])
def cuts(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{request.param}.cuts.json").read_text(encoding="utf-8"))


def test_the_detector_finds_the_films_shots(cuts: dict[str, Any], tmp_path: Path) -> None:
    command = ["shots", str(EXAMPLES / cuts["film"]), "--json", "--progress", "none", "--cache-dir", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    found = [shot["in"] for shot in json.loads(result.stdout)["shots"][1:]]
    ways = {
        shot["in"]: shot.get("transition", {"in": shot["in"] - 2, "out": shot["in"] + 2}) for shot in cuts["shots"][1:]
    }
    right = sum(any(way["in"] <= at <= way["out"] for at in found) for way in ways.values())
    assert 2 * right / (len(ways) + len(found)) >= 0.95
