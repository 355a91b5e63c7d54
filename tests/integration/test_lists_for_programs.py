"""What commands print for programs: the music's segments as CSV, the doctor's findings and an alignment as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

Cli = Callable[..., int]


def test_the_segments_of_a_track_as_csv(
    cli: Cli, examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ("music", examples / "score.ogg", "--length", "10", "--cache-dir", shared_cache)
    assert cli(*about, "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["segment"] for row in rows] == [str(number) for number in range(len(rows))]
    assert all(row["end_s"] == after["start_s"] for row, after in pairwise(rows))
    assert float(rows[-1]["end_s"]) - float(rows[0]["start_s"]) == pytest.approx(10, abs=1e-6)
    assert cli(*about, "--csv", "--json") == 2


def test_the_doctor_as_json(cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli("doctor", "--json", "--cache-dir", tmp_path / "cache") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["exit_code"] == 0
    assert [check["check"] for check in found["checks"]] == [
        "ffmpeg",
        "encoders",
        "device",
        "hwaccel",
        "weights",
        "cache",
    ]
    assert all(check["ok"] and check["lines"] for check in found["checks"])


def test_a_broken_part_is_in_the_doctors_json(
    cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    code = cli("doctor", "--json", "--cache-dir", tmp_path / "file" / "cache")
    found = json.loads(capsys.readouterr().out)
    broken = [check for check in found["checks"] if not check["ok"]]
    assert code == found["exit_code"] != 0 and [check["check"] for check in broken] == ["cache"]


def test_a_film_aligned_with_itself_has_its_own_times(
    cli: Cli, examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = examples / "film.mp4"
    assert cli("align", film, film, "--json", "--cache-dir", shared_cache) == 0
    rows = json.loads(capsys.readouterr().out)
    known = [row for row in rows if row["film_shot"] == row["trailer_shot"]]
    assert len(known) > len(rows) / 2
    assert all(abs(row["film_in_s"] - row["start_s"]) < 0.1 for row in known)
    assert all(row["film_out_s"] > row["film_in_s"] for row in known)
