"""Trainings of the results page that a card makes ahead: rehearsed on the CPU, they are what a training there gives."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.gpu.paper import Run, runs_of, train_on_card
from benchmarks.paper.ablations import Ablation
from benchmarks.paper.experiments import Experiments
from benchmarks.paper.page import page
from benchmarks.paper.protocols import PROTOCOLS
from benchmarks.paper.trained import Trained, keep, kept, kept_path
from trailergen.evaluation.budget import train_ssmp
from trailergen.runtime.cache import StageCache

SIZES = replace(PROTOCOLS["tiny"], train_films=6, steps=6)
RUNS = [
    Run(Ablation(), "ascending", 0),
    Run(Ablation("random"), "flat", 1),
    Run(Ablation(loss="mse", clip=0.0), "ascending", 1),
]


def test_all_trainings_of_the_page_are_known() -> None:
    runs = runs_of(PROTOCOLS["a"])
    assert len(runs) == len(set(runs)) == 51
    assert set(RUNS[:2]) < set(runs)


def test_a_training_made_ahead_is_the_one_the_page_would_make(tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    assert train_on_card(SIZES, cache, RUNS, seconds=600, jobs=1, tell=lambda text: None) == 3
    for run in RUNS:
        found = kept(kept_path(cache, SIZES, run.ablation, run.order, run.seed), SIZES)
        assert found is not None and found.card is None
        schedule, ablation = run.ablation.mask_schedule(SIZES.steps, run.seed), run.ablation
        examples = SIZES.examples(run.order)
        state = train_ssmp(SIZES.budget, examples, run.seed, schedule, ablation.loss, ablation.clip)
        for ours, theirs in zip(found.model.parameters(), state.model.parameters(), strict=True):
            assert torch.allclose(ours, theirs, atol=1e-5)
        assert found.curves.ratio == state.curves.ratio
        assert found.curves.loss == pytest.approx(state.curves.loss, rel=1e-4)
    assert train_on_card(SIZES, cache, RUNS, seconds=600, jobs=1, tell=lambda text: None) == 0


def test_batches_that_are_not_whole_are_refused(tmp_path: Path) -> None:
    """Captured steps have one shape: a smaller batch would silently train a film twice."""
    with pytest.raises(ValueError, match="5 films are no whole number of batches of 2"):
        train_on_card(PROTOCOLS["tiny"], StageCache(tmp_path), RUNS, seconds=600, jobs=1, tell=lambda text: None)


def test_the_page_takes_it_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, run = StageCache(tmp_path), RUNS[1]
    state = train_ssmp(SIZES.budget, SIZES.examples(run.order), run.seed)
    path = kept_path(cache, SIZES, run.ablation, run.order, run.seed)
    keep(path, Trained(state.model, state.curves, "Some Card"))

    monkeypatch.setattr("benchmarks.paper.experiments.train_ssmp", lambda *_: pytest.fail("trained again"))
    experiments = Experiments(SIZES, cache, lambda text: None)
    assert experiments.ssmp_run(run.ablation, run.order, run.seed)["card"] == "Some Card"
    assert "1 of 1 times on Some Card" in " ".join(page("tiny", SIZES, [], experiments.cards.values()).split())
    assert "times on" not in page("tiny", SIZES, [], [None])
