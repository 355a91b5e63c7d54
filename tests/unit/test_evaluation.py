"""Methods side by side, tables, verdicts, the results page and the command."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from test_dataset import film

from benchmarks.paper.ablations import LOSSES, Ablation
from benchmarks.paper.inputs import ShotInput, StarterSize
from benchmarks.paper.protocols import PROTOCOLS
from benchmarks.paper.tasks import PARTS, tasks_of
from benchmarks.paper.verdicts import not_worse, verdict
from trailergen.errors import InputError, UsageError
from trailergen.evaluation.baselines.uniform import UniformChoice
from trailergen.evaluation.cases import EvaluationCase, dataset_cases
from trailergen.evaluation.comparison import METRICS, MethodResult, compare, evaluate
from trailergen.evaluation.films import Film
from trailergen.evaluation.infill import infill_accuracy
from trailergen.evaluation.metrics import Scores, score
from trailergen.evaluation.tables import as_json, markdown
from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.masking import Linear, Random, SelfPaced
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.spaces import GEOMETRY_2
from trailergen.training.batches import Example
from trailergen.training.dataset import Dataset, read_dataset, write_dataset
from trailergen.training.examples import Channels
from trailergen.training.simulation.pairs import simulate_pair


def case(features: torch.Tensor, official: list[int]) -> EvaluationCase:
    """A film of which nothing but the features is known."""
    return EvaluationCase(Film(features, len(official)), official)


def result(name: str, *f1: float, aa: float = 0.5) -> MethodResult:
    """One with these F1, all else equal."""
    same = dict.fromkeys(METRICS, 0.5)
    return MethodResult(name, [Scores(**same | {"f1": value, "aa": aa}) for value in f1])


def test_mean_and_spread_over_seeds() -> None:
    three = result("a", 0.1, 0.2, 0.3)
    assert three.mean("f1") == pytest.approx(0.2)
    assert three.spread("f1") == pytest.approx(0.1)
    assert math.isnan(result("a", 0.1).spread("f1"))
    undefined = MethodResult("b", [score([1], [2]), score([1, 2], [1, 2]), score([2, 1], [1, 2])])
    assert undefined.mean("aa") == 0.5
    assert undefined.spread("aa") == pytest.approx(math.sqrt(0.5))


def test_evaluate_means_over_films_and_tells_the_number_of_positions() -> None:
    cases = [case(torch.zeros(12, 2), [2, 6, 10]), case(torch.zeros(4, 2), [0, 1])]
    # The middles of thirds of 12 are 2, 6, 10; of halves of 4 they are 1 and 3.
    assert evaluate(UniformChoice(), cases, seed=0).f1 == pytest.approx((1 + 0.5) / 2)
    with pytest.raises(ValueError, match="no films"):
        evaluate(UniformChoice(), [], seed=0)


def test_cases_leave_cards_out() -> None:
    example = Example(torch.zeros(5, 2), torch.zeros(3, 2), torch.tensor([4, NO_LABEL, 1]))
    assert list(EvaluationCase.of(example).official) == [4, 1]
    pair = simulate_pair(np.random.default_rng(0), shots=40, positions=8)
    assert list(EvaluationCase.simulated(pair).official) == [label for label in pair.labels.tolist() if label >= 0]


def test_compare_fits_and_evaluates_every_method_once_per_seed() -> None:
    class Spy(UniformChoice):
        fitted: list[int] = []  # noqa: RUF012

        def fit(self, examples, seed):  # type: ignore[no-untyped-def]
            self.fitted.append(seed)

    ticks: list[float] = []
    cases = [case(torch.zeros(12, 2), [2, 6, 10])]
    found = compare({"a": Spy(), "b": UniformChoice()}, [], cases, (3, 4), ticks.append)
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
    low, high = (
        MethodResult(n, [Scores(**dict.fromkeys(METRICS, 0.5) | {"ld": v})]) for n, v in (("x", 3.0), ("y", 9.0))
    )
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


def test_ablations_have_the_schedules_of_the_tables() -> None:
    assert Ablation().mask_schedule(10, 0) == SelfPaced()
    assert Ablation(mu_a=0.5, mu_t=0.9).mask_schedule(10, 0) == SelfPaced(mu_a=0.5, mu_t=0.9)
    assert Ablation("increased").mask_schedule(10, 0) == Linear(10, 0.1, 1.0)
    assert Ablation("decreased").mask_schedule(10, 0) == Linear(10, 1.0, 0.1)
    assert Ablation("random").mask_schedule(10, 7) == Random(7)


def test_the_most_important_experiments_come_first() -> None:
    protocol = replace(PROTOCOLS["a"], seeds=3)
    order = tasks_of(PARTS, protocol, ["TGT", "random"])
    assert len(order) == len(set(order))
    first, second = ([number for number, (_, seed) in enumerate(order) if seed == wanted] for wanted in (0, 1))
    clip = next(number for number, (task, _) in enumerate(order) if Ablation(clip=0.0) in task.arguments)
    # Ceilings, then the first tables with every seed, then the other ablations.
    assert [seed for _, seed in order[:2]] == [None, None]
    assert min(first) < min(second) < clip
    assert {task.method for task, _ in order[: min(second)]} == {"ceilings", "ssmp_run", "baseline_run"}
    assert [task.arguments[0] for task, _ in tasks_of(["6"], replace(protocol, seeds=1), [])] == list(LOSSES)


def test_figures_of_a_protocol_do_not_depend_on_the_number_of_seeds() -> None:
    tiny = PROTOCOLS["tiny"]
    assert replace(tiny, seeds=9).facts == tiny.facts
    assert replace(tiny, steps=9).facts != tiny.facts


def real_set(folder: Path) -> Path:
    """A dataset of one film of 20 s shots and its trailer."""
    write_dataset(folder, "builtin-1", [film(0)])
    return folder


def alignment(path: Path, *rows: str) -> Path:
    path.write_text("# by hand\ntrailer_start_s,film_start_s,film_end_s\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_gaps_are_filled_with_the_rest_as_context() -> None:
    class Follower(SSMP):
        """Sees that every shot is the one after its left neighbour."""

        def forward(self, film, trailer, masked, *_):  # type: ignore[no-untyped-def]
            return film[:, :1].expand_as(trailer) if masked.all() else trailer.roll(1, dims=1).roll(1, dims=2)

    model = Follower(ModelConfig(feature_dim=40, width=16, layers=1, heads=2, ffn=16, logit_scale=50.0)).eval()
    cases = [case(torch.eye(40), list(range(start, start + 10))) for start in (5, 17)]
    found = infill_accuracy(model, cases, 0.1, seed=3)
    assert found["rest known"] > max(found["rest unknown"], found["from nothing"])


def test_shot_inputs_show_the_same_films_in_three_ways() -> None:
    small = StarterSize(4, 2, (24, 30), (4, 6), dimension=16)
    features, bound, pca = (small.examples(shot_input) for shot_input in ShotInput)
    assert features[0].film.shape[1] == 16
    torch.testing.assert_close(bound[0].film[:, :16], features[0].film)
    torch.testing.assert_close(bound[0].film[bound[0].labels, 16:], bound[0].trailer[:, 16:])
    assert pca[0].film.shape[1] == small.budget(ShotInput.pca).model.feature_dim
    assert bound[0].film.shape[1] == small.budget(ShotInput.bound).model.feature_dim
    home, others = (small.cases(ShotInput.features, out_of_domain) for out_of_domain in (False, True))
    # Features of one encoder lean the same way, those of another elsewhere.
    leaning = [[case.film.features.mean(dim=0) for case in cases] for cases in (home, others)]
    together = [float(torch.nn.functional.cosine_similarity(*pair, dim=0)) for pair in leaning]
    assert together[0] > 0.8 > together[1]


def test_a_hand_made_alignment_takes_the_place_of_labels(tmp_path: Path) -> None:
    dataset = read_dataset(real_set(tmp_path / "set"))
    facts = dataset.films[0].facts
    assert facts is not None
    times = [f"0,{facts.start_s[shot] + 0.1},{facts.start_s[shot] + 0.3}" for shot in (7, 2, 2, 5)]
    table = alignment(tmp_path / "table.csv", times[0], "1,,", *times[1:])
    (found,) = dataset_cases(dataset, Channels.context, table)
    assert list(found.official) == [7, 2, 5]
    assert found.film.positions == 3
    assert found.film.features.shape == (len(facts.start_s), GEOMETRY_2.dim)
    with pytest.raises(InputError, match="not of"):
        dataset_cases(dataset, Channels.none, alignment(tmp_path / "late.csv", "0,99990,99999"))
    with pytest.raises(InputError, match="cannot read"):
        dataset_cases(dataset, Channels.none, alignment(tmp_path / "words.csv", "0,soon,later"))
    with pytest.raises(InputError, match=r"nothing\.csv"):
        dataset_cases(dataset, Channels.none, tmp_path / "nothing.csv")
    with pytest.raises(UsageError, match="2 films"):
        dataset_cases(Dataset("builtin-1", (film(0), film(1))), Channels.none, table)
