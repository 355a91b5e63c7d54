"""Decoding with an energy: the exact chain against brute force, and what must hold of every result."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ssmp_decoders import check, could_be_filled, film_of, moody, problems, tiny_model

from trailergen.errors import PlanError
from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.decoders.styled import decode_styled
from trailergen.ssmp.energy import MODEL, NOBODY, Energy, with_energy
from trailergen.ssmp.generate import generate
from trailergen.ssmp.types import MASKED
from trailergen.ssmp.viterbi import best_ascending


def random_energy(positions: int, shots: int, seed: int, model: float = 1.0, apart: float = 1.0) -> Energy:
    rng = np.random.default_rng(seed)
    setups = rng.integers(0, max(1, shots // 2), shots)
    alike = apart * (setups[:, None] == setups)
    np.fill_diagonal(alike, 0)
    unary = {"one": rng.normal(size=(positions, shots)), "everywhere": rng.normal(size=(1, shots))}
    following = rng.normal(size=(shots, shots))
    return Energy(
        unary_terms=unary,
        pairwise_terms={"next": lambda before, after: following[before, after]},
        repetition_penalty=alike,
        party=rng.integers(NOBODY, 3, shots),
        run_penalty=0.7,
        model_weight=model,
    )


def total_by_hand(energy: Energy, shots: list[int]) -> float:
    """The definition, term by term."""
    found = 0.0
    for position, shot in enumerate(shots):
        for values in energy.unary_terms.values():
            found += values[position if len(values) > 1 else 0, shot]
    for before, after in pairwise(shots):
        found += sum(float(term(before, after)) for term in energy.pairwise_terms.values())
    for first in range(len(shots) - 2):
        who = {int(energy.party[shot]) for shot in shots[first : first + 3]}
        found -= energy.run_penalty * (len(who) == 1 and NOBODY not in who)
    return found - sum(energy.repetition_penalty[a, b] for a, b in combinations(shots, 2))


@given(st.integers(0, 10**6), st.integers(1, 7))
def test_total_and_conditional_are_the_definition(seed: int, positions: int) -> None:
    energy = random_energy(positions, 12, seed)
    shots = np.random.default_rng(seed).permutation(12)[:positions]
    assert energy.total(shots) == pytest.approx(total_by_hand(energy, shots.tolist()))
    position = seed % positions
    gains = energy.conditional(shots, position)
    for other in set(range(12)) - set(shots.tolist()):
        changed = shots.copy()
        changed[position] = other
        difference = energy.total(changed) - energy.total(shots)
        assert gains[other] - gains[shots[position]] == pytest.approx(difference)


def test_masked_neighbours_say_nothing() -> None:
    energy = random_energy(4, 9, 1)
    empty = np.full(4, MASKED)
    np.testing.assert_allclose(energy.conditional(empty, 2), energy.unary[2])


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(0, 4))
def test_the_chain_is_the_best_of_all_ascending_choices(seed: int, positions: int, more: int) -> None:
    rng = np.random.default_rng(seed)
    shots = positions + more
    scores, pair = rng.normal(size=(positions, shots)), rng.normal(size=(shots, shots))
    scores[rng.random(scores.shape) < 0.2] = -np.inf
    joined = (rng.random(max(positions - 1, 0)) < 0.7).astype(float)

    def worth(choice: tuple[int, ...]) -> float:
        pairs = sum(pair[a, b] for a, b, counts in zip(choice, choice[1:], joined, strict=False) if counts)
        return sum(scores[position, shot] for position, shot in enumerate(choice)) + pairs

    best = max(map(worth, combinations(range(shots), positions)))
    found = best_ascending(scores, pair, joined)
    if not np.isfinite(best):
        assert found is None
    else:
        assert found is not None
        assert (np.diff(found) > 0).all()
        assert worth(tuple(found.tolist())) == pytest.approx(best, abs=1e-4)


@given(st.integers(0, 10**6), st.integers(2, 8))
def test_a_styled_trailer_is_no_worse_than_the_exact_chain(seed: int, positions: int) -> None:
    energy = random_energy(positions, 20, seed, model=0.0)
    relaxed = relax_constraints(Constraints(20, positions, energy=energy))
    result = decode_styled(lambda shots: np.zeros((positions, 20)), relaxed)
    chain = best_ascending(energy.unary + np.zeros((positions, 1)), energy.pairwise)
    assert energy.total(result.shots) >= energy.total(chain) - 1e-3


def test_rules_alone_ask_no_model() -> None:
    def never(shots: np.ndarray) -> np.ndarray:
        raise AssertionError("the model was asked")

    energy = random_energy(5, 20, 0, model=0.0)
    assert len(set(decode_styled(never, relax_constraints(Constraints(20, 5, energy=energy))).shots.tolist())) == 5


def test_a_decoder_without_energy_is_refused() -> None:
    with pytest.raises(ValueError, match="no energy"):
        decode_styled(lambda shots: np.zeros((2, 5)), relax_constraints(Constraints(5, 2)))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(problem=problems(), model=st.sampled_from([0.0, 0.5, 1.0]))
def test_invariants_hold_with_an_energy(problem: tuple[Constraints, int], model: float) -> None:
    constraints, seed = problem
    energy = random_energy(constraints.positions, constraints.shots, seed, model)
    constraints = replace(constraints, energy=energy)
    try:
        relaxed = relax_constraints(constraints)
    except PlanError:
        assert not could_be_filled(constraints)
        return
    predict = moody(constraints, seed)
    result = decode_styled(predict, relaxed, seed)
    check(constraints, result)
    again = decode_styled(predict, relaxed, seed)
    assert again.shots.tolist() == result.shots.tolist()
    assert again.reasons == result.reasons
    for position, reasons in enumerate(result.reasons):
        assert {name for name, _ in reasons} == {"one", "everywhere", "next", MODEL}, position
        assert [gain for _, gain in reasons] == sorted((gain for _, gain in reasons), reverse=True)


@pytest.mark.parametrize("decoder", DECODERS)
def test_every_decoder_follows_an_energy(decoder: str) -> None:
    wanted = np.zeros((3, 20))
    wanted[[0, 1, 2], [13, 4, 9]] = 60.0
    energy = replace(
        random_energy(3, 20, 0),
        unary_terms={"wanted": wanted},
        pairwise_terms={},
        repetition_penalty=np.zeros((20, 20)),
    )
    result = generate(tiny_model(), film_of(20), Constraints(20, 3, energy=energy), decoder, seed=0)
    assert result.shots.tolist() == [13, 4, 9]
    assert result.reasons[0][0][0] == "wanted"


def test_a_reroll_with_an_energy_moves_no_other_position() -> None:
    energy = random_energy(8, 40, 3)
    first = generate(tiny_model(), film_of(40), Constraints(40, 8, energy=energy))
    pins = {j: int(shot) for j, shot in enumerate(first.shots) if j != 4}
    banned = np.arange(40) == first.shots[4]
    again = generate(tiny_model(), film_of(40), Constraints(40, 8, pins=pins, banned=banned, energy=energy))
    assert np.delete(again.shots, 4).tolist() == np.delete(first.shots, 4).tolist()
    assert again.shots[4] != first.shots[4]


def test_one_setup_is_shown_once_where_there_are_others() -> None:
    """Twenty shots of four set-ups, one of them better than all: its shots still stand in one position only."""
    setups = np.arange(20) % 5
    apart = 2.0 * (setups[:, None] == setups)
    np.fill_diagonal(apart, 0)
    loved = np.where(setups == 0, 1.0, 0.0)[None]
    energy = Energy({"loved": loved}, {}, apart, np.full(20, NOBODY), model_weight=0.0)
    result = decode_styled(lambda shots: np.zeros((4, 20)), relax_constraints(Constraints(20, 4, energy=energy)))
    assert len(set(setups[result.shots])) == 4


def test_with_energy_adds_the_rules_to_the_model() -> None:
    energy = random_energy(3, 6, 5, model=0.5)
    logits = np.arange(18.0).reshape(3, 6)
    shots = np.array([2, MASKED, 4])
    found = with_energy(lambda _: logits, energy)(shots)
    np.testing.assert_allclose(found[1], 0.5 * logits[1] + energy.conditional(shots, 1))


def test_a_prior_counts_beside_an_energy() -> None:
    prior = np.zeros((3, 20))
    prior[1, 13] = 60.0
    energy = random_energy(3, 20, 0)
    assert generate(tiny_model(), film_of(20), Constraints(20, 3, prior=prior, energy=energy)).shots[1] == 13
