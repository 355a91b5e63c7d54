"""The decoders: Algorithm 1 against a literal transcription, and the invariants of every result."""

import math
import subprocess
import sys
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trailergen.errors import PlanError, UsageError, WeightsError
from trailergen.settings.plan import Decoder
from trailergen.ssmp.constraints import RETURNING, Constraints, relax_constraints, run_on
from trailergen.ssmp.decoders.paper import draw, draws
from trailergen.ssmp.decoders.registry import DECODERS
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.ssmp.decoders.scheduled import ROUNDS, TARGET_CONFIDENCE, calibrate, cosine_schedule
from trailergen.ssmp.generate import generate, predictor
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.types import MASKED

CONFIG = ModelConfig(feature_dim=8, width=16, layers=2, heads=2, ffn=16, logit_scale=4.0)


def tiny_model(seed: int = 0) -> SSMP:
    torch.manual_seed(seed)
    return SSMP(CONFIG).eval()


def film_of(shots: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shots, 8, generator=torch.Generator().manual_seed(seed))


def algorithm_1(model: SSMP, film: torch.Tensor, positions: int, seed: int) -> tuple[list[int], list[float], int]:
    """Algorithm 1 line by line, with sets as printed, shots and positions counted from 0 and ``None`` for z = 0.

    The two additions of the implementation: positions that want the same shot are served by descending q, and only
    shots that were placed leave the remaining ones.
    """
    shots = len(film)
    z: list[int | None] = [None] * positions
    q = [0.0] * positions
    remaining, empty = set(range(shots)), set(range(positions))
    tokens: list[torch.Tensor | None] = [None] * positions  # None: MP
    k = 0
    while empty:
        trailer = torch.stack([torch.zeros(8) if token is None else token for token in tokens])
        masked = torch.tensor([token is None for token in tokens])
        with torch.no_grad():
            predicted = model(film[None], trailer[None], masked[None])[0]
        p = []
        for j in range(positions):
            s = {i: float(torch.cosine_similarity(predicted[j], film[i], dim=0)) for i in sorted(remaining)}
            total = sum(math.exp(CONFIG.logit_scale * value) for value in s.values())
            p.append({i: math.exp(CONFIG.logit_scale * value) / total for i, value in s.items()})
        tau = []
        for j in range(positions):
            q[j] = min(q[j] + max(p[j].values(), default=0.0), 1.0)
            tau.append(draw(seed, j, k + 1) < q[j])
        next_remaining, next_tokens, taken = set(remaining), list(tokens), set()
        for j in sorted(range(positions), key=lambda j: (-q[j], j)):
            if tau[j] and tokens[j] is None:
                wanted = {i: value for i, value in p[j].items() if i not in taken}
                if not wanted:
                    continue
                best = max(wanted, key=lambda i: wanted[i])
                taken.add(best)
                next_remaining -= {best}
                empty -= {j}
                z[j], next_tokens[j] = best, film[best]
            elif not tau[j] and tokens[j] is not None:
                next_remaining |= {z[j]}
                empty |= {j}
                z[j], next_tokens[j] = None, None
        remaining, tokens = next_remaining, next_tokens
        k += 1
    return [i for i in z if i is not None], q, k


@pytest.mark.parametrize(("shots", "positions"), [(12, 4), (30, 9), (9, 9)])
def test_paper_decoder_is_algorithm_1(shots: int, positions: int) -> None:
    rounds_made = 0
    for seed in range(4):
        model, film = tiny_model(seed), film_of(shots, seed)
        result = generate(model, film, Constraints(shots, positions), "paper", seed)
        expected, q, rounds = algorithm_1(model, film, positions, seed)
        assert result.shots.tolist() == expected
        assert result.confidence.tolist() == pytest.approx(q, rel=1e-4)
        assert result.passes == rounds
        rounds_made += rounds
    assert rounds_made > 8  # several rounds each: the draws and the filled positions' q did matter


def test_an_unknown_decoder_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="no decoder 'magic'") as raised:
        generate(tiny_model(), film_of(6), Constraints(6, 2), "magic")
    assert all(name in str(raised.value.hint) for name in DECODERS)


def test_every_decoder_can_be_asked_for() -> None:
    assert get_args(Decoder) == tuple(DECODERS)


def test_names_of_decoders_need_neither_torch_nor_numpy() -> None:
    code = (
        "import sys; from trailergen.ssmp.decoders.registry import DECODERS, DEFAULT_DECODER; "
        "assert DEFAULT_DECODER in DECODERS; assert all(entry.summary for entry in DECODERS.values()); "
        "print(sorted({'torch', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_greedy_fills_the_most_confident_position_each_pass() -> None:
    base = np.log(np.array([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1]]))
    result = DECODERS["greedy"](lambda shots: base, relax_constraints(Constraints(3, 2)))
    assert result.shots.tolist() == [1, 0]
    assert result.rounds.tolist() == [2, 1]
    assert result.confidence.tolist() == pytest.approx([0.3 / 0.5, 0.6])
    assert result.passes == 2
    assert result.alternatives == (((2, pytest.approx(0.4)),), ((2, pytest.approx(0.1)),))


def test_scheduled_masks_an_early_low_confidence_shot_again() -> None:
    """With nothing around it position 0 prefers shot 0; once another stands, it is sure of shot 5."""

    def predict(shots: np.ndarray) -> np.ndarray:
        logits = np.zeros((4, 8))
        logits[:, 7] = [0.0, 1.0, 1.1, 1.2]
        logits[0, 0] = 2.0
        if not (shots == MASKED).all():
            logits[np.arange(1, 4), np.arange(1, 4)] = 30.0
        if (shots[1:] != MASKED).any():
            logits[0, 5] = 30.0
        return logits

    result = DECODERS["scheduled"](predict, relax_constraints(Constraints(8, 4)), seed=0)
    assert result.shots.tolist() == [5, 1, 2, 3]
    assert result.rounds[0] > 2


def test_schedule_is_monotone_and_ends_full() -> None:
    for positions, rounds in ((1, 1), (7, 7), (30, 30), (100, 32), (64, 64), (33, 32)):
        counts = [cosine_schedule(round_, rounds, positions) for round_ in range(1, rounds + 1)]
        assert counts == sorted(counts)
        assert counts[-1] == positions
        assert counts[0] >= 1


def test_calibration_reaches_its_target_and_never_softens() -> None:
    logits = np.random.default_rng(0).uniform(-1, 1, (20, 500))
    allowed = np.ones((20, 500), np.bool_)
    factor = calibrate(logits, allowed)
    weights = np.exp(factor * logits)
    assert (weights / weights.sum(axis=1, keepdims=True)).max(axis=1).mean() == pytest.approx(
        TARGET_CONFIDENCE, abs=0.02
    )
    assert calibrate(1000 * logits, allowed) == 1.0
    assert np.isfinite(calibrate(np.zeros((3, 5)), np.ones((3, 5), np.bool_)))


def test_draws_depend_on_seed_position_and_round_only() -> None:
    assert draws(7, 5, 3)[:3].tolist() == draws(7, 3, 3).tolist() == [draw(7, j, 3) for j in range(3)]
    numbers = {draw(seed, j, k) for seed in range(5) for j in range(20) for k in range(20)}
    assert len(numbers) == 2000
    assert np.mean(list(numbers)) == pytest.approx(0.5, abs=0.03)


def test_a_reroll_moves_no_other_position() -> None:
    model, film = tiny_model(), film_of(40)
    first = generate(model, film, Constraints(40, 10), seed=1)
    pins = {j: int(shot) for j, shot in enumerate(first.shots) if j != 4}
    banned = np.arange(40) == first.shots[4]
    again = generate(model, film, Constraints(40, 10, pins=pins, banned=banned), seed=2)
    assert again.shots[4] != first.shots[4]
    assert np.delete(again.shots, 4).tolist() == np.delete(first.shots, 4).tolist()
    assert again.passes == 1
    assert again.rounds.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("decoder", DECODERS)
def test_prior_moves_the_choice(decoder: str) -> None:
    prior = np.zeros((3, 20))
    prior[1, 13] = 60.0
    result = generate(tiny_model(), film_of(20), Constraints(20, 3, prior=prior), decoder, seed=0)
    assert result.shots[1] == 13


def test_confidence_means_the_same_in_a_long_film() -> None:
    """Cosine logits over 2,000 shots give probabilities near 1/2000; the calibrated ones stay readable."""
    logits = np.random.default_rng(1).uniform(-1, 1, (12, 2000))
    result = DECODERS["scheduled"](lambda shots: logits, relax_constraints(Constraints(2000, 12)), seed=0)
    assert 0.2 < result.confidence.mean() <= 1.0


def test_prediction_that_is_not_finite_is_an_error() -> None:
    film = film_of(6)
    film[2, 3] = math.nan
    with pytest.raises(WeightsError, match="not finite"):
        generate(tiny_model(), film, Constraints(6, 2), "paper")


def test_predictor_gives_the_logits_of_the_model() -> None:
    model, film = tiny_model(), film_of(9)
    shots = np.array([4, -1, 2])
    masked = torch.tensor([[False, True, False]])
    expected = model.logits(model(film[None], film[None, [4, 0, 2]], masked), film[None])[0]
    np.testing.assert_allclose(predictor(model, film)(shots), expected.detach().numpy(), rtol=1e-5, atol=1e-6)


@st.composite
def problems(draw_: st.DrawFn) -> tuple[Constraints, int]:
    """Constraints of every kind, sparse enough that many can be kept and tight enough that many cannot."""
    rng = np.random.default_rng(draw_(st.integers(0, 2**32)))
    positions = draw_(st.integers(1, 10))
    shots = int(positions * draw_(st.sampled_from([1.0, 1.5, 2.0, 3.0, 4.0])))
    length = rng.integers(1, 12, shots)
    extended = np.array([length[i : i + 1 + rng.integers(0, 4)].sum() for i in range(shots)])
    banned = rng.random(shots) < draw_(st.sampled_from([0.0, 0.1]))
    flags = {
        name: rng.random(shots) < share
        for name, share in (("black", 0.05), ("credits", draw_(st.sampled_from([0.0, 0.4]))), ("card", 0.1))
    }
    directions = np.exp(1j * rng.uniform(0, 2 * np.pi, shots))
    near_duplicates = (directions[:, None] * directions.conj()).real > 0.9 if draw_(st.booleans()) else None
    pins: dict[int, int] = {}
    needed = rng.integers(1, draw_(st.sampled_from([6, 12, 15])), positions)
    for _ in range(draw_(st.integers(0, 2))):
        position, shot = int(rng.integers(positions)), int(rng.integers(shots))
        if not banned[shot] and shot not in pins.values() and length[shot] >= needed[position]:
            pins[position] = shot
    extension = extended if draw_(st.booleans()) else None
    return (
        Constraints(shots, positions, length, needed, extension, banned, flags, pins, near_duplicates),
        draw_(st.integers(0, 2**32)),
    )


def moody(constraints: Constraints, seed: int) -> object:
    """A predictor whose opinion depends on everything that stands in the trailer."""

    def predict(shots: np.ndarray) -> np.ndarray:
        rng = np.random.default_rng((seed, *(shots + 1)))
        return rng.normal(size=(constraints.positions, constraints.shots)) * 3

    return predict


def could_be_filled(constraints: Constraints) -> bool:
    """Whether shots without ban or flag fit the free positions, by augmenting paths (no Hall, no nesting)."""
    out = constraints.banned | np.any(list(constraints.flags.values()), axis=0)
    usable = [i for i in range(constraints.shots) if not out[i] and i not in constraints.pins.values()]
    holder: dict[int, int] = {}

    def augment(position: int, seen: set[int]) -> bool:
        for shot in usable:
            if shot not in seen and constraints.length[shot] >= constraints.needed[position]:
                seen.add(shot)
                if shot not in holder or augment(holder[shot], seen):
                    holder[shot] = position
                    return True
        return False

    return all(augment(j, set()) for j in range(constraints.positions) if j not in constraints.pins)


def check(constraints: Constraints, result: DecodingResult) -> None:
    """Everything that must hold of a result, whatever decoder made it."""
    chosen = result.shots.tolist()
    assert min(chosen) >= 0
    assert len(set(chosen)) == constraints.positions
    assert {j: chosen[j] for j in constraints.pins} == constraints.pins
    assert not constraints.banned[chosen].any()
    shown = set(chosen)
    for position, shot in enumerate(chosen):
        if position not in constraints.pins:
            for name, flagged in constraints.flags.items():
                if flagged[shot]:
                    assert name in RETURNING
                    assert any(name in note for note in result.notes[position])
        if constraints.length[shot] < constraints.needed[position]:
            assert constraints.extended_length[shot] >= constraints.needed[position]
            assert any("runs on" in note for note in result.notes[position])
            run = run_on(shot, constraints.needed[position], np.ones(constraints.shots, np.bool_), constraints.length)
            assert not shown.intersection(run)
            assert not constraints.banned[run].any() and not constraints.flags["black"][run].any()
            shown.update(run)
    relaxed = {entry.split(":")[0] for entry in result.relaxed}
    if could_be_filled(constraints):
        assert relaxed <= {"near-duplicates"}
    if constraints.near_duplicates is not None:
        twins = constraints.near_duplicates[np.ix_(chosen, chosen)].sum(axis=1) > 1
        pinned = np.isin(np.arange(constraints.positions), list(constraints.pins))
        assert (twins & ~pinned).any() == ("near-duplicates" in relaxed)
    assert (result.confidence >= 0).all() and (result.confidence <= 1).all()
    assert (result.rounds <= result.passes).all()
    assert all((result.rounds[j] == 0) == (j in constraints.pins) for j in range(constraints.positions))
    for options in result.alternatives:
        assert not {shot for shot, _ in options} & set(chosen)
        assert [p for _, p in options] == sorted((p for _, p in options), reverse=True)


@pytest.mark.parametrize("decoder", DECODERS)
@settings(max_examples=120, deadline=None, derandomize=True)
@given(problem=problems())
def test_invariants(decoder: str, problem: tuple[Constraints, int]) -> None:
    constraints, seed = problem
    try:
        relaxed_constraints = relax_constraints(constraints)
    except PlanError as error:
        assert not could_be_filled(constraints)
        assert error.why or error.hint
        return
    predict = moody(constraints, seed)
    result = DECODERS[decoder](predict, relaxed_constraints, seed)
    check(constraints, result)
    again = DECODERS[decoder](predict, relaxed_constraints, seed)
    assert again.shots.tolist() == result.shots.tolist()
    assert again.confidence.tolist() == result.confidence.tolist()


@pytest.mark.parametrize("positions", [1, ROUNDS - 1, ROUNDS, ROUNDS + 1, 150])
def test_scheduled_makes_one_pass_a_round_and_never_more_than_positions(positions: int) -> None:
    calls, ticks = [], []

    def predict(shots: np.ndarray) -> np.ndarray:
        calls.append(1)
        return np.random.default_rng(len(calls)).normal(size=(positions, 400))

    result = DECODERS["scheduled"](predict, relax_constraints(Constraints(400, positions)), 3, ticks.append)
    assert len(calls) == result.passes == min(positions, ROUNDS)
    assert sum(ticks) == positions
