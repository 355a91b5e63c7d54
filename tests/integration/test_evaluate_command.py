"""`trailergen evaluate` and the results page of the paper's tables, from the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_dataset import cmtd, film

from benchmarks.paper.__main__ import main as make_page
from benchmarks.paper.ablations import Ablation
from benchmarks.paper.experiments import Experiments
from benchmarks.paper.protocols import PROTOCOLS
from benchmarks.paper.tasks import tasks_of
from trailergen.__main__ import main
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.runtime.cache import StageCache
from trailergen.ssmp.checkpoint import save_checkpoint
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.dataset import write_dataset


def real_set(folder: Path) -> Path:
    """A dataset of one film of 20 s shots and its trailer."""
    write_dataset(folder, "builtin-1", [film(0)])
    return folder


def test_the_page_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, work = tmp_path / "results.md", tmp_path / "work"
    real = real_set(tmp_path / "real")
    arguments = ["--protocol", "tiny", "-o", str(output), "--work", str(work), "--real", str(real)]
    notes: list[str] = []
    # In one process, so that it can be stopped.
    monkeypatch.setattr(Experiments, "prepare", lambda experiments, parts, jobs: None)
    made = Experiments.ssmp_run

    def stopping(experiments: Experiments, ablation: Ablation, order: str, seed: int):  # type: ignore[no-untyped-def]
        if len(notes) >= 5:
            raise KeyboardInterrupt
        return made(experiments, ablation, order, seed)  # type: ignore[arg-type]

    monkeypatch.setattr(Experiments, "ssmp_run", stopping)
    with pytest.raises(KeyboardInterrupt):
        make_page(arguments, notes.append)
    assert not output.exists()
    monkeypatch.setattr(Experiments, "ssmp_run", made)
    make_page(arguments, notes.append)
    # Two ceilings; 15 trainings of SSMP in one order and 2 in the other, the baselines in both, and 3 shot inputs, all
    # twice; 6 decoders and the baselines that need nothing on the starter's films, 3 and these on real ones, and the
    # gaps of both: none made a second time.
    plain = sum(not method.needs for method in BASELINES.values())
    made_once = 2 + (15 + 2 + 2 * len(BASELINES) + 3) * 2 + 6 + 3 + 2 * plain + 2
    assert len(notes) == len(set(notes)) == made_once
    first = output.read_bytes()
    make_page(arguments, notes.append)
    assert len(notes) == made_once
    assert output.read_bytes() == first

    page = first.decode()
    for number in "1345678":
        assert f"(Table {number}" in page
    for said in ("learning rate of 0.001", "clipped at norm 1", "perfect sampler", "Fig. 4b", "Fig. 5", "64 rounds: "):
        assert said in page
    assert page.count("as in the paper") == 2 * (2 * 2 + 5)
    assert "## Real films" in page
    assert "## The starter" in page
    figures = json.loads(output.with_suffix(".json").read_text(encoding="utf-8"))
    assert figures["size"]["seeds"] == 2
    methods = 8 + len(BASELINES)
    rows = [0, methods, methods, 5, 4, 3, 2, methods, methods, 6, 2, 10, 10, 3, 3, 6 + plain, 3 + plain]
    assert [len(section["results"]) for section in figures["sections"]] == rows
    assert [len(row["f1"]["runs"]) for row in figures["sections"][-1]["results"]] == [20] * rows[-1]


def test_experiments_are_made_by_several_processes(tmp_path: Path) -> None:
    notes: list[str] = []
    tiny = PROTOCOLS["tiny"]
    Experiments(tiny, StageCache(tmp_path), notes.append).prepare(["3", "6"], 2)
    made = len(tasks_of(["3", "6"], tiny, BASELINES))
    assert len(set(notes)) == len(list((tmp_path / "results").glob("*.json"))) == made
    again: list[str] = []
    Experiments(tiny, StageCache(tmp_path), again.append).prepare(["3", "6"], 1)
    assert again == []


def test_a_page_of_some_parts_with_one_seed(tmp_path: Path) -> None:
    output, notes = tmp_path / "results.md", list[str]()
    about = ["--protocol", "tiny", "--only", "5,6", "--seeds", "1", "-o", str(output), "--work", str(tmp_path / "work")]
    make_page(about, notes.append)
    assert len(notes) == 2
    page = output.read_text(encoding="utf-8")
    assert "(Table 5)" in page
    assert "(Table 1)" not in page
    assert "±" not in page
    with pytest.raises(SystemExit):
        make_page([*about, "--only", "9"])


def test_evaluate_on_a_dataset(tmp_path: Path) -> None:
    folder, output = real_set(tmp_path / "set"), tmp_path / "table.json"
    about = ["--dataset", str(folder), "--seeds", "1", "-o", str(output), "--progress", "none"]
    assert main(["evaluate", *about, "--learn-from", str(folder), "--steps", "1"]) == 0
    figures = json.loads(output.read_text(encoding="utf-8"))
    assert figures["films"] == 2
    assert {"TGT", "VASNet"} < {row["method"] for row in figures["results"]}


def test_evaluate_the_authors_layout_with_a_checkpoint_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = SSMP(ModelConfig(feature_dim=1024, width=16, layers=1, heads=2, ffn=16))
    save_checkpoint(tmp_path / "model.safetensors", model, "imagebind-1")
    folder = cmtd(tmp_path / "cmtd", split="test")
    asked = ["evaluate", str(tmp_path / "model.safetensors"), "--seeds", "1", "--progress", "none"]
    assert main([*asked, "--dataset", str(folder)]) == 0
    assert "uniform" in capsys.readouterr().out
    assert main([*asked, "--dataset", str(real_set(tmp_path / "set"))]) == 2
    assert "'imagebind-1'" in capsys.readouterr().err
    assert main(["evaluate", "--alignment", str(folder)]) == 2


def test_evaluate_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--films", "3", "--shots", "24", "40", "--progress", "none"]) == 0
    lines = capsys.readouterr().out.splitlines()
    untaught = [name for name, method in BASELINES.items() if not method.learns]
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["scheduled", "paper", "greedy", *untaught]
    assert "±" in lines[2]
    assert "F1, R = 2" in lines[0]


def test_evaluate_writes_json_and_learns_baselines(tmp_path: Path) -> None:
    output = tmp_path / "table.json"
    small = ["--films", "2", "--shots", "24", "30", "--seeds", "2", "--learn", "2", "--steps", "1"]
    assert main(["evaluate", *small, "-o", str(output), "--progress", "none"]) == 0
    figures = json.loads(output.read_text(encoding="utf-8"))
    assert {"TGT", "VASNet"} < {row["method"] for row in figures["results"]}
    assert len(figures["results"][0]["f1"]["runs"]) == 2
    assert main(["evaluate", *small, "-o", str(output), "--progress", "none"]) == 2


def test_evaluate_refuses_what_cannot_be_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--shots", "80", "40"]) == 2
    assert main(["evaluate", "-o", str(tmp_path / "table.txt")]) == 2
    assert main(["evaluate", str(tmp_path / "none.safetensors")]) == 4
    assert "none.safetensors" in capsys.readouterr().err


def test_the_page_is_one_command(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "benchmarks.paper", "--help"]
    assert "--protocol" in subprocess.run(asked, capture_output=True, text=True, check=True).stdout
