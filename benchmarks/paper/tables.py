"""The sections of the results page that repeat the paper's tables and figures on the simulated benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Any

from benchmarks.paper.ablations import (
    ACCURACY_MOMENTA,
    CLIPS,
    LOSSES,
    NOT_MONOTONE,
    OURS,
    RANDOM,
    RATIO_MOMENTA,
    ROUNDS,
    SCHEDULES,
    Ablation,
)
from benchmarks.paper.curves import curve_table
from benchmarks.paper.experiments import DEFAULT, STYLED, Experiments, scores_of
from benchmarks.paper.published import AA, F1, GROWTH
from benchmarks.paper.section import BRIEF, Section, plain_table
from benchmarks.paper.verdicts import not_worse, verdict
from trailergen.evaluation.comparison import MethodResult
from trailergen.evaluation.simulated.statistics import REAL
from trailergen.evaluation.tables import markdown
from trailergen.ssmp.decoders.registry import DECODERS

_RADII = ("f1", "f1_at_1", "f1_at_2", "f1_single_at_1", "f1_single_at_2")
_TOLD_APART = 0.5
"""Training accuracy below which SSMP has not learned where shots stand."""
_WORDS = {
    "ascending": "official trailers near the film's order",
    "flat": "official trailers in nearly any order",
    "published": "published features",
}


def statistics_section(experiments: Experiments) -> Section:
    """The benchmark's statistics beside those of the real data."""
    orders = experiments.protocol.orders
    found = [experiments.ceilings(order)["statistics"] for order in orders]
    rows = [[name, *(f"{one[name]:.3g}" for one in found), real or "not known"] for name, real in REAL.items()]
    protocol = experiments.protocol
    return Section(
        "The benchmark beside the real data",
        f"Statistics of the {protocol.test_films} films that methods are evaluated on, with both kinds of order; "
        f"ceilings from {protocol.draws} other trailers of each film.",
        "",
        [],
        below=plain_table(["statistic", *(f"simulated, {order}" for order in orders), "real"], rows),
        more={"statistics": dict(zip(orders, found, strict=True))},
    )


def ceiling_rows(experiments: Experiments, order: str) -> list[MethodResult]:
    """The two oracles as rows of a table."""
    found = experiments.ceilings(order)
    return [
        MethodResult(name, [scores_of(found[key])])
        for name, key in (("perfect sampler", "sampler"), ("most frequent shots", "frequent"))
    ]


def methods_of(experiments: Experiments, order: str) -> list[MethodResult]:
    """All methods of Table 1: SSMP as published, with the other decoders and with random ratios, and the baselines."""

    def ssmp(ablation: Ablation, decoder: str, name: str) -> MethodResult:
        return experiments.ssmp(ablation, decoder, name, order)

    others = [decoder for decoder in DECODERS if decoder != "paper"]
    others += [STYLED] if experiments.protocol.simulated else []
    return [
        ssmp(OURS, "paper", "SSMP"),
        *(ssmp(OURS, decoder, f"SSMP, {decoder}") for decoder in others),
        *(ssmp(RANDOM, decoder, f"SSMP, random ratios, {decoder}") for decoder in ("paper", *others)),
        *(experiments.baseline(name, order) for name in experiments.baselines),
    ]


def table_1(experiments: Experiments, order: str) -> Section:
    """All methods, and the ceilings where they are known."""
    results = methods_of(experiments, order)
    verdicts, below = [verdict(results, F1["1"]), verdict(results, AA, "aa_positions")], ""
    verdicts += _learned(experiments) if order == experiments.main else []
    more: dict[str, Any] = {}
    if experiments.protocol.simulated:
        ceilings = ceiling_rows(experiments, order)
        best = max(one.mean("f1") for one in results)
        verdicts.append(
            f"The best F1, {best:.3f}, stands against {ceilings[0].mean('f1'):.3f} of a perfect sampler and "
            f"{ceilings[1].mean('f1'):.3f} of the most frequent shots: F1 favours those who guess marginals, which no "
            "trailer looks like."
        )
        table = markdown(ceilings, "oracle", BRIEF).rstrip()
        below = f"The ceilings (`trailergen/evaluation/simulated/oracle.py`):\n\n{table}"
        more = {"ceilings": experiments.ceilings(order)}
    return Section(
        f"Methods (Table 1), {_WORDS[order]}",
        "SSMP as published: self-paced, Algorithm 1. Below it its other decoders, one also with an editor's rules (a "
        "style), and the same trained with random mask ratios. VASNet, CLIP-It and OTVS learn without trailers; "
        "VASNet-labels is told what trailers show. "
        "Methods that need what is not known of the films are left out.",
        "method",
        results,
        verdicts,
        below=below,
        more=more,
    )


def table_3(experiments: Experiments) -> Section:
    """Schedules of the mask ratio, with Fig. 4."""
    results = [experiments.ssmp(ablation, name=ablation.schedule) for ablation in SCHEDULES]
    not_monotone = experiments.ssmp(NOT_MONOTONE, name="self-paced, not monotone")
    named = {**{one.schedule: one for one in SCHEDULES}, not_monotone.name: NOT_MONOTONE}
    reached = "; ".join(f"{name}: {_steps(experiments.reached(one))}" for name, one in named.items())
    last = experiments.last_accuracy(OURS, experiments.main)
    text = (
        "Training accuracy, eq. 5 (Fig. 4a), in parts of the training:\n\n"
        f"{curve_table(experiments, named, 'accuracy')}"
        f"\n\nStep at which it is 0.95 over 50 steps, by seed: {reached}.\n\n"
        f"Mask ratio (Fig. 4b):\n\n{curve_table(experiments, named, 'ratio')}"
    )
    paced = f"The self-paced training ends at an accuracy of {last:.2f}, the paper's at 0.95 and more. " + (
        "Eq. 6 aims high only where most predictions are right: here its ratio does not follow the course that the "
        "paper describes, and the order of the schedules says little about it."
        if last < 0.9
        else "Its ratio has gone the course that the paper describes."
    )
    verdicts = [verdict(results, F1["3"]), paced, _monotone(experiments, not_monotone)]
    return Section("Mask ratio schedules (Table 3, Fig. 4)", text, "schedule", [*results, not_monotone], verdicts)


def table_4(experiments: Experiments) -> Section:
    """The momentum of the mask ratio, with Fig. 5."""
    results = [experiments.ssmp(ablation, name=str(ablation.mu_t)) for ablation in RATIO_MOMENTA]
    named = {str(ablation.mu_t): ablation for ablation in RATIO_MOMENTA}
    text = f"Mask ratio (Fig. 5):\n\n{curve_table(experiments, named, 'ratio', 'mu_t')}"
    return Section("Momentum of the mask ratio (Table 4, Fig. 5)", text, "mu_t", results, [verdict(results, F1["4"])])


def table_5(experiments: Experiments) -> Section:
    """Decoders."""
    results = [experiments.ssmp(OURS, name) for name in DECODERS]
    return Section(
        "Self-correction (Table 5)",
        "Of the same trained models. Greedy is Algorithm 1 without taking back.",
        "decoder",
        results,
        [verdict(results, F1["5"])],
    )


def table_6(experiments: Experiments) -> Section:
    """Losses."""
    results = [experiments.ssmp(ablation, name=ablation.loss.upper()) for ablation in LOSSES]
    return Section("Loss (Table 6)", "", "loss", results, [verdict(results, F1["6"])])


def table_7(experiments: Experiments, order: str) -> Section:
    """The radius of selection."""
    results = methods_of(experiments, order)
    ours = results[0]

    def growth(result: MethodResult, suffix: str) -> str:
        base = result.mean("f1")
        pair = [result.mean(f"f1{suffix}_at_{radius}") / base if base else float("nan") for radius in (1, 2)]
        return " and ".join(f"{value:.2f}" for value in pair)

    real = "; ".join(f"{test} {one:.2f} and {two:.2f}" for test, (one, two) in GROWTH.items())
    known = ceiling_rows(experiments, order)[:1] if experiments.protocol.simulated else []
    sampler = "".join(f", a perfect sampler's by {growth(one, '')}" for one in known)
    said = (
        f"From R = 0 to 1 and 2 SSMP's F1 grows by {growth(ours, '')} (two-sided) or {growth(ours, '_single')} (one "
        f"numerator){sampler}; the paper's by {real}."
    )
    return Section(
        f"Radius of selection (Table 7), {_WORDS[order]}",
        "With R > 0, chosen shots near official ones and official shots near chosen ones (two-sided), or, as in IPOT, "
        "one numerator for precision and recall: the chosen shots near official ones.",
        "method",
        results,
        [said],
        metrics=_RADII,
    )


def table_8(experiments: Experiments) -> Section:
    """The momentum of the accuracy."""
    results = [experiments.ssmp(ablation, name=str(ablation.mu_a)) for ablation in ACCURACY_MOMENTA]
    return Section("Momentum of the accuracy (Table 8)", "", "mu_a", results, [verdict(results, F1["8"])])


def clipping(experiments: Experiments) -> Section:
    """Gradients as they are, and clipped."""
    off, on = (experiments.ssmp(one, name=f"norm {one.clip:g}" if one.clip else "off") for one in CLIPS)
    return Section(
        "Clipping of gradients",
        "The paper names no clipping; all other trainings of this page clip at norm 1. Then the factor 1/t of eq. 4, "
        "which makes gradients of steps with few hidden positions as large as others, is lost from step to step.",
        "clipping",
        [off, on],
        [not_worse(on, off)],
    )


def passes(experiments: Experiments, ablation: Ablation) -> Section:
    """The default decoder with different numbers of rounds, beside the other two."""

    def named(decoder: str) -> MethodResult:
        result = experiments.ssmp(ablation, decoder)
        return MethodResult(f"{decoder}: {experiments.passes(ablation, decoder):.1f}", result.runs)

    others = {decoder: named(decoder) for decoder in DECODERS}
    return Section(
        f"Forward passes against quality, {ablation.schedule} ratios",
        "The default decoder with at most so many rounds, and the three decoders as they are; behind the colon the "
        "mean number of forward passes for a trailer.",
        "decoder: passes",
        [*(named(f"{rounds} rounds") for rounds in ROUNDS), *others.values()],
        [not_worse(others[DEFAULT], others["paper"])],
    )


def sections(experiments: Experiments, parts: Iterable[str]) -> list[Section]:
    """The chosen parts of the paper; makes the experiments that are missing."""
    asked, found = set(parts), list[Section]()
    if "1" in asked:
        found += [statistics_section(experiments)] if experiments.protocol.simulated else []
        found += [table_1(experiments, order) for order in experiments.protocol.orders]
    for part, make in (("3", table_3), ("4", table_4), ("5", table_5), ("6", table_6)):
        if part in asked:
            found.append(make(experiments))
    if "7" in asked:
        found += [table_7(experiments, order) for order in experiments.protocol.orders]
    if "8" in asked:
        found.append(table_8(experiments))
    if "clip" in asked:
        found.append(clipping(experiments))
    if "passes" in asked:
        found += [passes(experiments, ablation) for ablation in (OURS, RANDOM)]
    return found


def _learned(experiments: Experiments) -> list[str]:
    """A sentence on why rows hardly differ, if the training was too short to tell positions apart."""
    last = experiments.last_accuracy(OURS, experiments.main)
    if last >= _TOLD_APART:
        return []
    return [
        f"After these steps SSMP is right in {last:.1%} of the hidden positions of the films it learned from: it knows "
        "which shots trailers show, and not yet where. Schedules, decoders and momenta differ in that: Tables 3, "
        "4, 5 and 8, too, can hardly tell their rows apart. Trainings on a card until SSMP is right in all are in "
        "`benchmarks/gpu/RESULTS.md`."
    ]


def _steps(reached: Sequence[int | None]) -> str:
    return ", ".join("never" if step is None else str(step) for step in reached)


def _monotone(experiments: Experiments, without: MethodResult) -> str:
    last = [fmean(curve[-1] for curve in experiments.curves(one, "ratio")) for one in (OURS, NOT_MONOTONE)]
    return (
        f"Without the third line of eq. 6 the mask ratio ends at {last[1]:.2f}, with it at {last[0]:.2f} (the paper's: "
        f"around 0.9, and 1); F1 {without.mean('f1'):.3f}."
    )
