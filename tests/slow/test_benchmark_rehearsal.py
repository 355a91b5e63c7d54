"""The benchmarks of a machine with a GPU, rehearsed without one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.gpu import results as r
from benchmarks.gpu.parts import PARTS, PROTOCOL

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_rehearsal_goes_through_everything(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.gpu", "--dry-run", "--work", str(tmp_path / "work")]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "results.json"), "--seconds", "500"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    parts = json.loads((tmp_path / "results.json").read_text())["parts"]
    assert set(parts) == {one.name for one in PARTS}
    assert {part["state"] for part in parts.values()} <= {r.DONE, r.SKIPPED}
    assert all(part["rows"] for part in parts.values() if part["state"] == r.DONE)
    curves = next(row["figures"] for row in parts[PROTOCOL]["rows"] if row["what"] == "self-paced: trained")
    assert curves["exams"]["paper"]["films"] == 2 and (tmp_path / "self-paced.safetensors").exists()
    table = (tmp_path / "results.md").read_text()
    assert "| protocol | random shots |" in table
    assert "| protocol | perfect sampler, benchmark version " in table
