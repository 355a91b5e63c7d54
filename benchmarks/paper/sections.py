"""The sections of the results page: the paper's tables on simulated films, the starter, real films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.paper.ablations import MU_A, MU_T, NOT_MONOTONE, ROUNDS, SCHEDULES, Ablation
from benchmarks.paper.experiments import DEFAULT, Experiments
from benchmarks.paper.inputs import ShotInput
from benchmarks.paper.verdicts import not_worse, verdict
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.cases import EvaluationCase, dataset_cases
from trailergen.evaluation.comparison import MethodResult
from trailergen.evaluation.methods import SSMPMethod
from trailergen.evaluation.tables import as_json, markdown
from trailergen.runtime.cache import file_sha256
from trailergen.ssmp.checkpoint import load_checkpoint, token_space_of
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.training.examples import Channels, open_dataset
from trailergen.training.simulation.examples import TEST_SEED
from trailergen.training.simulation.pairs import simulate_pairs

BRIEF = ("precision", "recall", "f1", "f1_at_1", "f1_at_2", "ld", "aa")
"""The metrics of the page's tables."""
REAL_DRAWS = 20
STARTER_FILMS, STARTER_SHOTS, STARTER_DRAWS, HIDDEN = 60, (40, 400), 3, 0.2
SELF_PACED = "self-paced"

PAPER: Mapping[str, Mapping[str, float]] = {
    "1": {"SSMP": 0.1618, "TGT": 0.1153, "VASNet": 0.0676, "M2T": 0.0515},
    "3": {"random": 0.1377, "decreased": 0.1760, "increased": 0.1915, SELF_PACED: 0.1996},
    "4": {"0.9": 0.1744, "0.5": 0.1790, "0.1": 0.1996, "0.0": 0.1753},
    "5": {"greedy": 0.1958, "paper": 0.1996},
    "6": {"MSE": 0.1211, "CE": 0.1996},
    "8": {"1.0": 0.1780, "0.98": 0.1996, "0.95": 0.1854, "0.9": 0.1731, "0.5": 0.1753, "0.0": 0.1698},
}
"""The paper's F1: Test-8 in Table 1, where all of the methods were tried, Test-ALL in the others."""


@dataclass(frozen=True)
class Section:
    """One table of the page with what stands above and below it."""

    title: str
    text: str
    head: str
    results: Sequence[MethodResult]
    verdict: str

    def markdown(self) -> str:
        """The section as Markdown."""
        parts = [f"## {self.title}", self.text, markdown(self.results, self.head, BRIEF).rstrip(), self.verdict]
        return "\n\n".join(part for part in parts if part) + "\n"

    def json(self) -> dict[str, Any]:
        """The section as JSON values."""
        return {"title": self.title, "verdict": self.verdict, "results": as_json(self.results)}


def sections(experiments: Experiments) -> list[Section]:
    """The paper's tables; makes the experiments that are missing."""
    ours = Ablation()

    def table(number: str, title: str, text: str, head: str, results: Sequence[MethodResult]) -> Section:
        return Section(f"{title} (Table {number})", text, head, results, verdict(results, PAPER[number]))

    found = [
        table(
            "1",
            "Methods",
            "SSMP as published: self-paced, Algorithm 1. Below it the default decoder, alone and with random mask "
            "ratios in training.",
            "method",
            [
                experiments.ssmp(ours, name="SSMP"),
                experiments.ssmp(ours, DEFAULT, f"SSMP, {DEFAULT}"),
                experiments.ssmp(Ablation("random"), DEFAULT, f"SSMP, random ratios, {DEFAULT}"),
                *(experiments.baseline(name) for name in BASELINES),
            ],
        ),
        table(
            "3",
            "Mask ratio schedules",
            pace(experiments),
            "schedule",
            [experiments.ssmp(ablation, name=ablation.schedule) for ablation in SCHEDULES],
        ),
        table(
            "4",
            "Momentum of the mask ratio",
            "",
            "mu_t",
            [experiments.ssmp(Ablation(mu_t=mu_t), name=str(mu_t)) for mu_t in MU_T],
        ),
        table("5", "Self-correction", "", "decoder", [experiments.ssmp(ours, name) for name in DECODERS]),
        table(
            "6",
            "Loss",
            "",
            "loss",
            [experiments.ssmp(Ablation(loss=loss), name=loss.upper()) for loss in ("mse", "ce")],
        ),
        table(
            "8",
            "Momentum of the accuracy",
            "",
            "mu_a",
            [experiments.ssmp(Ablation(mu_a=mu_a), name=str(mu_a)) for mu_a in MU_A],
        ),
    ]
    found += [trade_off(experiments, ablation) for ablation in (ours, Ablation("random"))]
    return found + [shot_inputs(experiments, out_of_domain) for out_of_domain in (False, True)]


def pace(experiments: Experiments) -> str:
    """Learning curves of the trainings of Table 3, and of that without the third line of eq. 6 (Fig. 4), as a table."""
    rows = ["| schedule | step at which the accuracy is 0.95 | last mask ratio |", "| --- | --- | --- |"]
    for ablation in (*SCHEDULES, NOT_MONOTONE):
        reached, ratios = zip(*experiments.pace(ablation), strict=True)
        steps = ", ".join("never" if step is None else str(step) for step in reached)
        name = ablation.schedule if ablation.monotone else f"{ablation.schedule}, not monotone"
        rows.append(f"| {name} | {steps} | {', '.join(f'{ratio:.2f}' for ratio in ratios)} |")
    return "Accuracy on the films learned from, over 50 steps, one figure per seed (Fig. 4).\n\n" + "\n".join(rows)


def shot_inputs(experiments: Experiments, out_of_domain: bool) -> Section:
    """The cost of not knowing the encoder, and the gain from context channels."""
    results = [experiments.shot_input(shot_input, out_of_domain) for shot_input in ShotInput]
    where = "other encoders, one per film" if out_of_domain else "the encoder learned from"
    return Section(
        f"Shot inputs: films of {where}",
        "SSMP with random mask ratios and the default decoder, learned from the paper's features of one encoder; "
        "from these and context channels, a starter bound to its encoder; and from rotation-augmented PCA features "
        "and channels of films with an encoder each, as the starter. Otherwise the models are the starter's, "
        f"learned from {experiments.size.varied_films} films.",
        "shot input",
        results,
        not_worse(results[2], results[1]),
    )


def trade_off(experiments: Experiments, ablation: Ablation) -> Section:
    """The default decoder with different numbers of rounds, beside the other two."""

    def named(decoder: str) -> MethodResult:
        result = experiments.ssmp(ablation, decoder)
        return MethodResult(f"{decoder}: {experiments.passes(ablation, decoder):.1f}", result.runs)

    curve = [named(f"{rounds} rounds") for rounds in ROUNDS]
    others = {decoder: named(decoder) for decoder in DECODERS}
    return Section(
        f"Forward passes against quality, {ablation.schedule} ratios",
        "The default decoder with at most so many rounds, and the three decoders as they are; behind the colon the "
        "mean number of forward passes for a trailer.",
        "decoder: passes",
        [*curve, *others.values()],
        not_worse(others[DEFAULT], others["paper"]),
    )


def real_section(experiments: Experiments, folder: Path, table: Path | None, checkpoint: Path) -> Section:
    """A checkpoint and the baselines on real films. Raises InputError and WeightsError."""
    dataset = open_dataset(folder, "test")
    cases = dataset_cases(dataset, Channels.context, table)
    ours = dataset_cases(dataset, Channels.context, table, token_space_of(checkpoint))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    fingerprint = " ".join(file_sha256(path) for path in (*files, *([table] if table else [])))
    results, _ = _evaluated(experiments, ours, cases, fingerprint, checkpoint, REAL_DRAWS)
    films = ", ".join(f"{film.name} ({len(film.features)} shots)" for film in dataset.films)
    return Section(
        "A real pair" if len(cases) == 1 else "Real films",
        f"{films}; shots of the official trailer: {', '.join(str(len(case.official)) for case in cases)}. "
        f"{checkpoint.stem} with its decoders and the baselines, {REAL_DRAWS} seeds; TGT and VASNet learned from "
        "simulated films, from the same tokens. Nothing was tuned on these films.",
        "method",
        results,
        not_worse(results[0], next(result for result in results if result.name == "random")),
    )


def starter_section(experiments: Experiments, checkpoint: Path) -> Section:
    """A checkpoint on simulated films it never saw, each of an encoder it never saw; and its filling of gaps."""
    smallest, largest = STARTER_SHOTS
    pairs = list(simulate_pairs(TEST_SEED, STARTER_FILMS, STARTER_SHOTS))
    cases = [EvaluationCase.simulated(pair) for pair in pairs]
    ours = [EvaluationCase.simulated(pair, token_space_of(checkpoint)) for pair in pairs]
    fingerprint = f"simulated {TEST_SEED} {STARTER_FILMS} {smallest} {largest}"
    results, gaps = _evaluated(experiments, ours, cases, fingerprint, checkpoint, STARTER_DRAWS, (1, 8, 64))
    rows = "\n".join(f"| {name} | {', '.join(f'{gap[name]:.3f}' for gap in gaps)} |" for name in gaps[0])
    return Section(
        "The starter",
        f"{checkpoint.stem} on {STARTER_FILMS} simulated films of {smallest} to {largest} shots, each of an encoder of "
        f"its own, and the baselines, TGT and VASNet within the budget of the tables above; {STARTER_DRAWS} seeds.\n\n"
        f"What is known of the rest of a trailer counts: {HIDDEN:.0%} of the positions of the true trailers were "
        "hidden and filled, with the others pinned, or with the others empty and their shots banned, or by Algorithm "
        "1 with the whole trailer empty. Share of the hidden positions that got their true shot, for three choices of "
        f"what is hidden:\n\n| the rest | accuracy |\n| --- | --- |\n{rows}",
        "method",
        results,
        not_worse(results[0], results[1]),
    )


def _evaluated(
    experiments: Experiments,
    shown: Sequence[EvaluationCase],
    cases: Sequence[EvaluationCase],
    films: str,
    checkpoint: Path,
    draws: int,
    rounds: Sequence[int] = (),
) -> tuple[list[MethodResult], list[dict[str, float]]]:
    """A checkpoint's decoders, the default one also with so many rounds, and the baselines; and its filling of gaps.

    ``shown`` are the cases as the checkpoint reads them. ``films`` is a fingerprint of what the cases were made from,
    not of the cases, whose last bits depend on the number of threads.
    """
    model, _ = load_checkpoint(checkpoint)
    both = films + file_sha256(checkpoint)
    ours = {name: SSMPMethod(model, name) for name in DECODERS}
    ours |= {f"{DEFAULT}, {number} rounds": SSMPMethod(model, DEFAULT, number) for number in rounds}
    results = [
        *(experiments.model_on(name, method, shown, both, draws) for name, method in ours.items()),
        *(experiments.baseline_on(name, cases, films, draws) for name in BASELINES),
    ]
    return results, experiments.gaps(model, shown, both, HIDDEN, STARTER_DRAWS)
