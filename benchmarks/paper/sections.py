"""The sections of the results page: the paper's tables on simulated films, the starter, real films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.paper.cells import BASELINES, DEFAULT, FREE, MU_A, MU_T, ROUNDS, SCHEDULES, Cells, Training
from benchmarks.paper.forms import Form
from trailergen.evaluation.experiment import Exam, Result
from trailergen.evaluation.method import Trained
from trailergen.evaluation.real import real_exams
from trailergen.evaluation.tables import BRIEF, as_json, markdown, not_worse, verdict
from trailergen.runtime.cache import file_sha256
from trailergen.ssmp.checkpoint import load_checkpoint, token_space_of
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.training.examples import Channels, open_dataset
from trailergen.training.simulate import simulate_pairs
from trailergen.training.starter import TEST_SEED

REAL_DRAWS = 20
STARTER_FILMS, STARTER_SHOTS, STARTER_DRAWS, HIDDEN = 60, (40, 400), 3, 0.2
SELF_PACED = "self-paced"

# The paper's F1: Test-8 in Table 1, where all of the methods were tried, Test-ALL in the others.
PAPER: Mapping[str, Mapping[str, float]] = {
    "1": {"SSMP": 0.1618, "TGT": 0.1153, "VASNet": 0.0676, "M2T": 0.0515},
    "3": {"random": 0.1377, "decreased": 0.1760, "increased": 0.1915, SELF_PACED: 0.1996},
    "4": {"0.9": 0.1744, "0.5": 0.1790, "0.1": 0.1996, "0.0": 0.1753},
    "5": {"greedy": 0.1958, "paper": 0.1996},
    "6": {"MSE": 0.1211, "CE": 0.1996},
    "8": {"1.0": 0.1780, "0.98": 0.1996, "0.95": 0.1854, "0.9": 0.1731, "0.5": 0.1753, "0.0": 0.1698},
}


@dataclass(frozen=True)
class Section:
    """One table of the page with what stands above and below it."""

    title: str
    text: str
    head: str
    results: Sequence[Result]
    verdict: str

    def markdown(self) -> str:
        """The section as Markdown."""
        parts = [f"## {self.title}", self.text, markdown(self.results, self.head, BRIEF).rstrip(), self.verdict]
        return "\n\n".join(part for part in parts if part) + "\n"

    def json(self) -> dict[str, Any]:
        """The section as JSON values."""
        return {"title": self.title, "verdict": self.verdict, "results": as_json(self.results)}


def sections(cells: Cells) -> list[Section]:
    """The paper's tables; makes the cells that are missing."""
    ours = Training()

    def table(number: str, title: str, text: str, head: str, results: Sequence[Result]) -> Section:
        return Section(f"{title} (Table {number})", text, head, results, verdict(results, PAPER[number]))

    found = [
        table(
            "1",
            "Methods",
            "SSMP as published: self-paced, Algorithm 1. Below it the default decoder, alone and with random mask "
            "ratios in training.",
            "method",
            [
                cells.ssmp(ours, name="SSMP"),
                cells.ssmp(ours, DEFAULT, f"SSMP, {DEFAULT}"),
                cells.ssmp(Training("random"), DEFAULT, f"SSMP, random ratios, {DEFAULT}"),
                *(cells.baseline(name) for name in BASELINES),
            ],
        ),
        table(
            "3",
            "Mask ratio schedules",
            pace(cells),
            "schedule",
            [cells.ssmp(training, name=training.schedule) for training in SCHEDULES],
        ),
        table(
            "4",
            "Momentum of the mask ratio",
            "",
            "mu_t",
            [cells.ssmp(Training(mu_t=mu_t), name=str(mu_t)) for mu_t in MU_T],
        ),
        table("5", "Self-correction", "", "decoder", [cells.ssmp(ours, name) for name in DECODERS]),
        table(
            "6",
            "Loss",
            "",
            "loss",
            [cells.ssmp(Training(loss=loss), name=loss.upper()) for loss in ("mse", "ce")],
        ),
        table(
            "8",
            "Momentum of the accuracy",
            "",
            "mu_a",
            [cells.ssmp(Training(mu_a=mu_a), name=str(mu_a)) for mu_a in MU_A],
        ),
    ]
    found += [trade_off(cells, training) for training in (ours, Training("random"))]
    return found + [forms(cells, abroad) for abroad in (False, True)]


def pace(cells: Cells) -> str:
    """How the trainings of Table 3 went, and that without the third line of eq. 6 (Fig. 4): a table."""
    rows = ["| schedule | step at which the accuracy is 0.95 | last mask ratio |", "| --- | --- | --- |"]
    for training in (*SCHEDULES, FREE):
        reached, ratios = zip(*cells.pace(training), strict=True)
        steps = ", ".join("never" if step is None else str(step) for step in reached)
        name = training.schedule if training.monotone else f"{training.schedule}, not monotone"
        rows.append(f"| {name} | {steps} | {', '.join(f'{ratio:.2f}' for ratio in ratios)} |")
    return "Accuracy on the films learned from, over 50 steps, one figure per seed (Fig. 4).\n\n" + "\n".join(rows)


def forms(cells: Cells, abroad: bool) -> Section:
    """What is lost by not knowing the encoder, and what the context channels bring."""
    results = [cells.form(form, abroad) for form in Form]
    where = "other encoders, one per film" if abroad else "the encoder learned from"
    return Section(
        f"What a model is shown: films of {where}",
        "SSMP with random mask ratios and the default decoder, learned from the paper's features of one encoder; "
        "from these and context channels, a starter bound to its encoder; and from turned geometry and channels of "
        "films with an encoder each, as the starter. Otherwise the models are the starter's, "
        f"learned from {cells.size.varied_films} films.",
        "form",
        results,
        not_worse(results[2], results[1]),
    )


def trade_off(cells: Cells, training: Training) -> Section:
    """The default decoder with different numbers of rounds, beside the other two."""

    def named(decoder: str) -> Result:
        result = cells.ssmp(training, decoder)
        return Result(f"{decoder}: {cells.passes(training, decoder):.1f}", result.runs)

    curve = [named(f"{rounds} rounds") for rounds in ROUNDS]
    others = {decoder: named(decoder) for decoder in DECODERS}
    return Section(
        f"Forward passes against quality, {training.schedule} ratios",
        "The default decoder with at most so many rounds, and the three decoders as they are; behind the colon the "
        "mean number of forward passes for a trailer.",
        "decoder: passes",
        [*curve, *others.values()],
        not_worse(others[DEFAULT], others["paper"]),
    )


def real_section(cells: Cells, folder: Path, table: Path | None, checkpoint: Path) -> Section:
    """A checkpoint and the baselines on real films. Raises InputError and WeightsError."""
    dataset = open_dataset(folder, "test")
    exams = real_exams(dataset, Channels.context, table)
    ours = real_exams(dataset, Channels.context, table, token_space_of(checkpoint))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    fingerprint = " ".join(file_sha256(path) for path in (*files, *([table] if table else [])))
    results, _ = _examined(cells, ours, exams, fingerprint, checkpoint, REAL_DRAWS)
    films = ", ".join(f"{film.name} ({len(film.features)} shots)" for film in dataset.films)
    return Section(
        "A real pair" if len(exams) == 1 else "Real films",
        f"{films}; shots of the official trailer: {', '.join(str(len(exam.official)) for exam in exams)}. "
        f"{checkpoint.stem} with its decoders and the baselines, {REAL_DRAWS} seeds; TGT and VASNet learned from "
        "simulated films, from the same tokens. Nothing was tuned on what is examined here.",
        "method",
        results,
        not_worse(results[0], next(result for result in results if result.name == "random")),
    )


def starter_section(cells: Cells, checkpoint: Path) -> Section:
    """A checkpoint on simulated films it never saw, each of an encoder it never saw; and how it fills gaps."""
    smallest, largest = STARTER_SHOTS
    pairs = list(simulate_pairs(TEST_SEED, STARTER_FILMS, STARTER_SHOTS))
    exams = [Exam.simulated(pair) for pair in pairs]
    ours = [Exam.simulated(pair, token_space_of(checkpoint)) for pair in pairs]
    fingerprint = f"simulated {TEST_SEED} {STARTER_FILMS} {smallest} {largest}"
    results, gaps = _examined(cells, ours, exams, fingerprint, checkpoint, STARTER_DRAWS, (1, 8, 64))
    rows = "\n".join(f"| {name} | {', '.join(f'{gap[name]:.3f}' for gap in gaps)} |" for name in gaps[0])
    return Section(
        "The starter",
        f"{checkpoint.stem} on {STARTER_FILMS} simulated films of {smallest} to {largest} shots, each of an encoder of "
        f"its own, and the baselines, TGT and VASNet after the course of the tables above; {STARTER_DRAWS} seeds.\n\n"
        f"What is known of the rest of a trailer counts: {HIDDEN:.0%} of the positions of the true trailers were "
        "hidden and filled, with the others pinned, or with the others empty and their shots banned, or by Algorithm "
        "1 with the whole trailer empty. Share of the hidden positions that got their true shot, for three choices of "
        f"what is hidden:\n\n| the rest | accuracy |\n| --- | --- |\n{rows}",
        "method",
        results,
        not_worse(results[0], results[1]),
    )


def _examined(
    cells: Cells,
    shown: Sequence[Exam],
    exams: Sequence[Exam],
    films: str,
    checkpoint: Path,
    draws: int,
    rounds: Sequence[int] = (),
) -> tuple[list[Result], list[dict[str, float]]]:
    """A checkpoint's decoders, the default one also with so many rounds, and the baselines; and its filling of gaps.

    ``shown`` are the exams as the checkpoint reads them. ``films`` is a fingerprint of what the exams were made from,
    not of the exams, whose last bits depend on the number of threads.
    """
    model, _ = load_checkpoint(checkpoint)
    both = films + file_sha256(checkpoint)
    ours = {name: Trained(model, name) for name in DECODERS}
    ours |= {f"{DEFAULT}, {number} rounds": Trained(model, DEFAULT, number) for number in rounds}
    results = [
        *(cells.examined(name, shown, both, draws, method) for name, method in ours.items()),
        *(cells.examined(name, exams, films, draws) for name in BASELINES),
    ]
    return results, cells.gaps(model, shown, both, HIDDEN, STARTER_DRAWS)
