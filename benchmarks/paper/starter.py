"""The sections of the results page about the starter: what its tokens cost and bring, and the starter on films."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.paper.experiments import DEFAULT, Experiments
from benchmarks.paper.inputs import ShotInput
from benchmarks.paper.section import Section
from benchmarks.paper.verdicts import not_worse
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.cases import EvaluationCase, dataset_cases
from trailergen.evaluation.comparison import MethodResult
from trailergen.evaluation.methods import SSMPMethod
from trailergen.runtime.cache import file_sha256
from trailergen.ssmp.checkpoint import load_checkpoint, token_space_of
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.training.examples import Channels, open_dataset
from trailergen.training.simulation.examples import TEST_SEED
from trailergen.training.simulation.pairs import simulate_pairs

METRICS = ("f1", "f1_at_1", "f1_at_2", "ld", "aa", "aa_positions")
REAL_DRAWS, STARTER_DRAWS, HIDDEN = 20, 3, 0.2
PLAIN = [name for name, method in BASELINES.items() if not method.needs]
"""The baselines that look at features alone: of real films, nothing else may be known."""


def shot_inputs(experiments: Experiments, out_of_domain: bool) -> Section:
    """The cost of not knowing the encoder, and the gain from context channels."""
    results = [experiments.shot_input(shot_input, out_of_domain) for shot_input in ShotInput]
    where = "other encoders, one per film" if out_of_domain else "the encoder learned from"
    size = experiments.protocol.starter
    return Section(
        f"Shot inputs: films of {where}",
        "SSMP with random mask ratios and the default decoder, learned from the paper's features of one encoder; "
        "from these and context channels, a starter bound to its encoder; and from rotation-augmented PCA features "
        "and channels of films with an encoder each, as the starter. Otherwise the models are the starter's, learned "
        f"in {size.steps} steps from {size.varied_films} films like the starter's, of {size.shots[0]} to "
        f"{size.shots[1]} shots.",
        "shot input",
        results,
        [not_worse(results[2], results[1])],
        METRICS,
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
        f"{checkpoint.stem} with its decoders and the baselines that look at features alone, {REAL_DRAWS} seeds; those "
        "that learn, learned from simulated films, from the same tokens. Nothing was tuned on these films.",
        "method",
        results,
        [not_worse(results[0], next(result for result in results if result.name == "random"))],
        METRICS,
    )


def starter_section(experiments: Experiments, checkpoint: Path) -> Section:
    """A checkpoint on simulated films it never saw, each of an encoder it never saw; and its filling of gaps."""
    size = experiments.protocol.starter
    pairs = list(simulate_pairs(TEST_SEED, size.films, size.film_shots))
    cases = [EvaluationCase.simulated(pair) for pair in pairs]
    ours = [EvaluationCase.simulated(pair, token_space_of(checkpoint)) for pair in pairs]
    smallest, largest = size.film_shots
    fingerprint = f"simulated {TEST_SEED} {size.films} {smallest} {largest}"
    results, gaps = _evaluated(experiments, ours, cases, fingerprint, checkpoint, STARTER_DRAWS, (1, 8, 64))
    rows = "\n".join(f"| {name} | {', '.join(f'{gap[name]:.3f}' for gap in gaps)} |" for name in gaps[0])
    return Section(
        "The starter",
        f"{checkpoint.stem} on {size.films} simulated films of {smallest} to {largest} shots, each of an encoder of "
        f"its own, and the baselines that look at features alone, those that learn within {size.steps} steps; "
        f"{STARTER_DRAWS} seeds.\n\n"
        f"What is known of the rest of a trailer counts: {HIDDEN:.0%} of the positions of the true trailers were "
        "hidden and filled, with the others pinned, or with the others empty and their shots banned, or by Algorithm "
        "1 with the whole trailer empty. Share of the hidden positions that got their true shot, for three choices of "
        f"what is hidden:\n\n| the rest | accuracy |\n| --- | --- |\n{rows}",
        "method",
        results,
        [not_worse(results[0], results[1])],
        METRICS,
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
        *(experiments.baseline_on(name, cases, films, draws) for name in PLAIN),
    ]
    return results, experiments.gaps(model, shown, both, HIDDEN, STARTER_DRAWS)
