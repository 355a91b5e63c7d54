"""The checkpoint that is shipped, and the films it was trained on."""

import pytest
import torch

from trailergen.evaluation.baselines.random import RandomChoice
from trailergen.evaluation.cases import EvaluationCase
from trailergen.evaluation.comparison import evaluate
from trailergen.evaluation.infill import infill_accuracy
from trailergen.evaluation.methods import SSMPMethod
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.spaces import SPACES
from trailergen.training import starter
from trailergen.training.simulation.examples import TEST_SEED, TRAIN_SEED, simulated_example
from trailergen.training.simulation.pairs import simulate_pairs
from trailergen.weights import STARTER, shipped_weights, verified


def test_the_shipped_starter_is_whole_and_beats_random_choice_on_films_it_never_saw() -> None:
    weights = shipped_weights()[STARTER]
    path = verified(weights)
    assert path.stat().st_size == weights.size <= 25_000_000
    model, info = load_checkpoint(path)
    assert info.feature_space == weights.feature_space
    cases = [
        EvaluationCase.simulated(pair, SPACES[info.feature_space]) for pair in simulate_pairs(TEST_SEED, 10, (60, 200))
    ]
    random = evaluate(RandomChoice(), cases, 0)
    for decoder in DECODERS:
        ours = evaluate(SSMPMethod(model, decoder), cases, 0)
        assert ours.f1 > random.f1 + 0.1
        assert ours.ld < random.ld
        assert ours.aa > random.aa
    gaps = infill_accuracy(model, cases, 0.2, 0)
    assert gaps["rest known"] > 3 * max(gaps["rest unknown"], gaps["from nothing"])


def test_the_starters_films_are_the_same_however_many_processes_simulate_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter, "PHASES", ((9, (40, 50), 1), (2, (40, 50), 1)))
    one, two = starter.starter_batches(jobs=1), starter.starter_batches(jobs=2)
    for number in range(2):
        for ours, theirs in zip(one(number), two(number), strict=True):
            assert torch.equal(ours.film, theirs.film)
            assert torch.equal(ours.labels, theirs.labels)
            # What is learned from is what a plan shows: the film's own shots.
            assert torch.equal(ours.trailer, ours.film[ours.labels])
    expected = simulated_example(next(simulate_pairs(TRAIN_SEED + 1, 1, (40, 50))))
    assert len(expected.film) in {len(example.film) for example in one(1)}
