"""Methods side by side, tables, verdicts, the results page and the command."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from trailergen.__main__ import main
from trailergen.errors import InputError
from trailergen.evaluation import results
from trailergen.evaluation.baselines.uniform import UniformChoice
from trailergen.evaluation.cells import Cells, Training
from trailergen.evaluation.experiment import METRICS, Exam, Result, examine, side_by_side
from trailergen.evaluation.metrics import Scores, score
from trailergen.evaluation.real import read_real_pair
from trailergen.evaluation.tables import as_json, markdown, not_worse, verdict
from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.masking import Linear, Random, SelfPaced
from trailergen.training.loop import Example
from trailergen.training.simulate import simulate_pair

TINY = ["--train-films", "4", "--test-films", "3", "--shots", "24", "30", "--positions", "4", "6", "--steps", "2"]
TINY += ["--batch", "2", "--width", "16", "--ffn", "16", "--layers", "2", "--heads", "2", "--seeds", "2"]


def result(name: str, *f1: float, aa: float = 0.5) -> Result:
    """One with these F1, all else equal."""
    same = dict.fromkeys(METRICS, 0.5)
    return Result(name, [Scores(**same | {"f1": value, "aa": aa}) for value in f1])


def test_mean_and_spread_over_seeds() -> None:
    three = result("a", 0.1, 0.2, 0.3)
    assert three.mean("f1") == pytest.approx(0.2)
    assert three.spread("f1") == pytest.approx(0.1)
    assert math.isnan(result("a", 0.1).spread("f1"))
    undefined = Result("b", [score([1], [2]), score([1, 2], [1, 2]), score([2, 1], [1, 2])])
    assert undefined.mean("aa") == 0.5
    assert undefined.spread("aa") == pytest.approx(math.sqrt(0.5))


def test_examine_means_over_films_and_tells_the_number_of_positions() -> None:
    exams = [Exam(torch.zeros(12, 2), [2, 6, 10]), Exam(torch.zeros(4, 2), [0, 1])]
    # The middles of thirds of 12 are 2, 6, 10; of halves of 4 they are 1 and 3.
    assert examine(UniformChoice(), exams, seed=0).f1 == pytest.approx((1 + 0.5) / 2)
    with pytest.raises(ValueError, match="no films"):
        examine(UniformChoice(), [], seed=0)


def test_exams_leave_cards_out() -> None:
    example = Example(torch.zeros(5, 2), torch.zeros(3, 2), torch.tensor([4, NO_LABEL, 1]))
    assert list(Exam.of(example).official) == [4, 1]
    pair = simulate_pair(np.random.default_rng(0), shots=40, positions=8)
    assert list(Exam.simulated(pair).official) == [label for label in pair.labels.tolist() if label >= 0]


def test_side_by_side_fits_and_examines_every_method_once_per_seed() -> None:
    class Spy(UniformChoice):
        fitted: list[int] = []  # noqa: RUF012

        def fit(self, examples, seed):  # type: ignore[no-untyped-def]
            self.fitted.append(seed)

    ticks: list[float] = []
    exams = [Exam(torch.zeros(12, 2), [2, 6, 10])]
    found = side_by_side({"a": Spy(), "b": UniformChoice()}, [], exams, (3, 4), ticks.append)
    assert Spy.fitted == [3, 4]
    assert [(r.name, len(r.runs)) for r in found] == [("a", 2), ("b", 2)]
    assert sum(ticks) == 4


def test_markdown_marks_the_best_and_says_the_spread() -> None:
    table = markdown([result("a", 0.1, 0.3), result("b", 0.4, 0.4, aa=math.nan)], "way", ("f1", "aa"))
    assert table.splitlines() == [
        "| way | F1 | AA |",
        "| --- | --- | --- |",
        "| a | 0.200 ± 0.141 | **0.500 ± 0.000** |",
        "| b | **0.400 ± 0.000** | - |",
    ]


def test_lower_levenshtein_is_better() -> None:
    low, high = (Result(n, [Scores(**dict.fromkeys(METRICS, 0.5) | {"ld": v})]) for n, v in (("x", 3.0), ("y", 9.0)))
    assert markdown([low, high], metrics=("ld",)).splitlines()[2:] == ["| x | **3.0** |", "| y | 9.0 |"]


def test_json_has_null_for_what_is_not_defined() -> None:
    (row,) = json.loads(json.dumps(as_json([result("a", 0.25, aa=math.nan)])))
    assert row["f1"] == {"mean": 0.25, "spread": None, "runs": [0.25]}
    assert row["aa"] == {"mean": None, "spread": None, "runs": [None]}


def test_verdicts_are_computed_from_the_numbers() -> None:
    paper = {"a": 0.3, "b": 0.2, "c": 0.1}
    a, b, c = result("a", 0.29, 0.31), result("b", 0.19, 0.21), result("c", 0.30, 0.32)
    assert verdict([a, b, result("c", 0.1, 0.1), result("other", 0.9, 0.9)], paper) == (
        "That a is best, as in the paper, holds: F1 0.300 ± 0.014 against 0.200 ± 0.014 of the best other, b; of the 3 "
        "pairs 3 come in the paper's order, 0 in the opposite one, and 0 lie within the spread of the seeds."
    )
    open_ = verdict([a, b, c], paper)
    assert "is left open" in open_
    assert "1 come in the paper's order, 1 in the opposite one, and 1 lie within" in open_
    assert verdict([a, result("c", 0.8, 0.81)], {"a": 0.3, "c": 0.1}) == (
        "That a is best, as in the paper, does not hold: F1 0.300 ± 0.014 against 0.805 ± 0.007 of the best other, c."
    )
    # A single run has no spread, so it decides nothing.
    assert "is left open" in verdict([result("a", 0.9), result("b", 0.1)], paper)


def test_not_worse_says_it_of_selection_and_order() -> None:
    assert not_worse(result("a", 0.4, 0.41, aa=0.3), result("b", 0.2, 0.21)) == (
        "a is in F1 better than b (0.405 ± 0.007 against 0.205 ± 0.007) and in AA worse than b "
        "(0.300 ± 0.000 against 0.500 ± 0.000)."
    )


def test_trainings_have_the_schedules_of_the_tables() -> None:
    assert Training().paced(10, 0) == SelfPaced()
    assert Training(mu_a=0.5, mu_t=0.9).paced(10, 0) == SelfPaced(mu_a=0.5, mu_t=0.9)
    assert Training("increased").paced(10, 0) == Linear(10, 0.1, 1.0)
    assert Training("decreased").paced(10, 0) == Linear(10, 1.0, 0.1)
    assert Training("random").paced(10, 7) == Random(7)


def real_pair(path: Path, **changes: object) -> Path:
    rng = np.random.default_rng(0)
    pair = {
        "title": "A film",
        "features": rng.normal(size=(30, 6)).tolist(),
        "start_s": [2.0 * shot for shot in range(30)],
        "duration_s": [2.0] * 30,
        "motion": rng.random(30).tolist(),
        "official": [3, 9, 4, 20],
    }
    path.write_text(json.dumps(pair | changes), encoding="utf-8")
    return path


def test_the_page_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, work = tmp_path / "results.md", tmp_path / "work"
    real = real_pair(tmp_path / "real.json")
    arguments = [*TINY, "-o", str(output), "--work", str(work), "--real", str(real)]
    notes: list[str] = []
    made = Cells._ssmp

    def stopping(cells: Cells, training: Training, seed: int):  # type: ignore[no-untyped-def]
        if len(notes) >= 5:
            raise KeyboardInterrupt
        return made(cells, training, seed)

    monkeypatch.setattr(Cells, "_ssmp", stopping)
    with pytest.raises(KeyboardInterrupt):
        results.main(arguments, notes.append)
    assert not output.exists()
    monkeypatch.setattr(Cells, "_ssmp", made)
    results.main(arguments, notes.append)
    # 13 trainings of SSMP and 5 baselines, twice, and 8 methods on the real pair: none made a second time.
    assert len(notes) == len(set(notes)) == 13 * 2 + 5 * 2 + 8
    first = output.read_bytes()
    results.main(arguments, notes.append)
    assert len(notes) == 13 * 2 + 5 * 2 + 8
    assert output.read_bytes() == first

    page = first.decode()
    for number in "134568":
        assert f"(Table {number})" in page
    assert page.count("as in the paper") == 6
    assert "64 rounds: " in page
    assert "A real pair: A film" in page
    figures = json.loads(output.with_suffix(".json").read_text(encoding="utf-8"))
    assert figures["size"]["seeds"] == 2
    assert [len(section["results"]) for section in figures["sections"]] == [8, 4, 4, 3, 2, 6, 10, 10, 8]
    assert [len(row["f1"]["runs"]) for row in figures["sections"][-1]["results"]] == [20] * 8


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"official": [31]}, "shots that the film does not have"),
        ({"start_s": [0.0]}, "1 values of start_s for 30 shots"),
        ({"features": [[1.0, 2.0], [1.0]]}, "different lengths"),
        ({"features": [[math.nan]]}, "cannot read"),
        ({"official": []}, "cannot read"),
    ],
)
def test_a_real_pair_that_makes_no_sense_is_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    path = real_pair(tmp_path / "real.json", **changes)
    with pytest.raises(InputError, match=message) as refused:
        read_real_pair(path)
    assert str(path) in refused.value.what


def test_a_real_pair_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.json"):
        read_real_pair(tmp_path / "nothing.json")


def test_evaluate_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--films", "3", "--shots", "24", "40", "--progress", "none"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        "scheduled",
        "paper",
        "greedy",
        "M2T",
        "random",
        "uniform",
    ]
    assert "±" in lines[2]
    assert "F1, R = 2" in lines[0]


def test_evaluate_writes_json_and_learns_baselines(tmp_path: Path) -> None:
    output = tmp_path / "table.json"
    small = ["--films", "2", "--shots", "24", "30", "--seeds", "2", "--learn", "2", "--steps", "1"]
    assert main(["evaluate", *small, "-o", str(output), "--progress", "none"]) == 0
    figures = json.loads(output.read_text(encoding="utf-8"))
    assert [row["method"] for row in figures["results"]][3:5] == ["TGT", "VASNet"]
    assert len(figures["results"][0]["f1"]["runs"]) == 2
    assert main(["evaluate", *small, "-o", str(output), "--progress", "none"]) == 2


def test_evaluate_refuses_what_cannot_be_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--shots", "80", "40"]) == 2
    assert main(["evaluate", "-o", str(tmp_path / "table.txt")]) == 2
    assert main(["evaluate", str(tmp_path / "none.safetensors")]) == 4
    assert "none.safetensors" in capsys.readouterr().err


def test_the_page_is_one_command(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "trailergen.evaluation.results", "--help"]
    assert "--train-films" in subprocess.run(asked, capture_output=True, text=True, check=True).stdout
