"""V2T, PPBVAM and Muvee: their rules on cases computed by hand, and what holds of any film."""

from dataclasses import replace
from functools import cache
from itertools import combinations, permutations

import numpy as np
import pytest
import torch

from trailergen.errors import UsageError
from trailergen.evaluation.baselines.affect import affect, impact, order_of_impact, standing
from trailergen.evaluation.baselines.muvee import Muvee, long_shots, shots_to_music, stretches
from trailergen.evaluation.baselines.ppbvam import PPBVAM, attractiveness, fit_weights, most_attractive, traits
from trailergen.evaluation.baselines.self_correcting import SelfCorrecting
from trailergen.evaluation.baselines.shot_graph import fitting
from trailergen.evaluation.baselines.theme import theme_section
from trailergen.evaluation.baselines.v2t import V2T, impressive_speech, reconstructed
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method
from trailergen.training.batches import Example
from trailergen.training.films import FilmFacts, Music


def a_film(shots: int, positions: int, seed: int = 0, silent: bool = False) -> Film:
    draw = torch.Generator().manual_seed(seed)
    rows = torch.randn(5, shots, generator=draw)
    speech = torch.rand(shots, generator=draw) * (torch.rand(shots, generator=draw) < 0.4)
    facts = FilmFacts(rows[0].exp(), rows[1], rows[2], rows[3], rows[4], speech)
    if silent:
        none = torch.zeros(shots)
        facts = replace(facts, loudness=none, transient=none, speech=none)
    energy = torch.randn(positions, generator=draw)
    music = Music(torch.rand(positions, generator=draw) + 1, energy, torch.randn(positions, 6, generator=draw))
    return Film(torch.randn(shots, 4, generator=draw), positions, facts, music)


def an_example(seed: int) -> Example:
    film = a_film(20, 6, seed)
    labels = torch.randperm(20, generator=torch.Generator().manual_seed(seed))[:6]
    labels[3] = -1
    return Example(film.features, film.features[labels], labels, None, film.facts, film.music)


@cache
def methods() -> list[Method]:
    learned = PPBVAM()
    learned.fit([an_example(seed) for seed in range(4)], 0)
    return [V2T(), PPBVAM(), learned, Muvee()]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize(("shots", "positions"), [(40, 12), (5, 9), (1, 1), (1, 4), (7, 7), (40, 1), (3, 2)])
def test_shots_are_distinct_valid_and_the_same_again(number: int, shots: int, positions: int) -> None:
    method = methods()[number]
    for silent in (False, True):
        film = a_film(shots, positions, silent=silent)
        trailer = method.trailer(film, 3)
        assert trailer == method.trailer(film, 3)
        assert len(set(trailer)) == len(trailer)
        assert set(trailer) <= set(range(shots))
        if isinstance(method, Muvee):
            assert 1 <= len(trailer) <= min(shots, positions)
        else:
            assert len(trailer) == min(shots, positions)


def test_a_film_of_equal_shots_and_steady_music_makes_trailers_too() -> None:
    same, music = torch.ones(9), Music(torch.ones(5), torch.zeros(5), torch.ones(5, 2))
    film = Film(torch.ones(9, 3), 5, FilmFacts(same, same, same, same, same, same), music)
    for method in methods():
        assert len(set(method.trailer(film, 0))) == len(method.trailer(film, 0)) >= 4


def test_what_is_not_known_is_asked_for_by_name() -> None:
    for method in methods():
        with pytest.raises(UsageError, match=type(method).__name__) as refused:
            method.trailer(Film(torch.zeros(4, 2), 2), 0)
        assert "segments of the music" in str(refused.value)


def test_standing_is_the_share_of_the_others_that_are_exceeded() -> None:
    assert standing(np.array([3.0, 1.0, 7.0])).tolist() == [0.5, 0, 1]
    assert standing(np.array([2.0, 2.0, 9.0])).tolist() == [0.25, 0.25, 1]
    assert standing(np.array([4.0])).tolist() == [0.5]


def test_affect_is_the_mean_standing_of_motion_cutting_rate_loudness_and_transients() -> None:
    facts = FilmFacts(
        *map(torch.tensor, ([1.0, 2.0, 3.0], [0.0, 5.0, 2.0], [9.0, 0.0, 0.0], [1.0, 2.0, 3.0], [0.0, 0.0, 4.0])),
        torch.zeros(3),
    )
    # Motion 0, 1, .5; short 1, .5, 0; loud 0, .5, 1; transient .25, .25, 1. Brightness does not count.
    assert affect(facts).tolist() == [1.25 / 4, 2.25 / 4, 2.5 / 4]


def test_the_order_of_impact_is_the_best_of_all() -> None:
    rng = np.random.default_rng(0)
    for count in range(8):
        for _ in range(4):
            levels = rng.integers(0, 6, count).astype(float)
            order = order_of_impact(levels)
            assert sorted(order) == list(range(count))
            best = max(impact(levels[list(other)]) for other in permutations(range(count)))
            assert impact(levels[order]) == pytest.approx(best)
    assert order_of_impact(np.array([1.0, 2.0, 3.0, 4.0])) == [1, 3, 0, 2]


def test_the_theme_is_the_longest_section_that_comes_again() -> None:
    tones = np.eye(12)
    #                    A  B  C  x  A  B  C  y  A  B
    piece = tones[[0, 1, 2, 5, 0, 1, 2, 7, 0, 1]]
    seconds = np.ones(10)
    assert theme_section(piece, seconds) == (0, 3)
    # Of sections as long, the one that comes most often: (8, 9) is heard three times, (3, 4) twice.
    piece = tones[[3, 4, 0, 8, 9, 1, 8, 9, 2, 3, 4, 5, 8, 9]]
    assert theme_section(piece, np.ones(14)) == (3, 5)
    # Of these the one that lasts longest.
    assert theme_section(piece, np.concatenate((np.ones(6), [2.0], np.ones(7)))) == (6, 8)
    assert theme_section(tones[:5], np.ones(5)) == (0, 5)
    assert theme_section(np.zeros((4, 12)), np.ones(4)) == (0, 4)


def test_speech_is_that_which_is_moving_and_said() -> None:
    levels, speech = np.array([0.9, 0.5, 0.8, 1.0]), np.array([0.0, 1.0, 0.5, 0.3])
    assert impressive_speech(levels, speech, 2) == [1, 2]
    assert impressive_speech(levels, np.zeros(4), 2) == []


def test_a_reconstruction_lays_speech_at_regular_intervals_of_the_theme() -> None:
    levels = np.linspace(0, 0.9, 10)
    speech = np.zeros(10)
    speech[[1, 5]] = 1.0
    trailer = reconstructed(levels, speech, (1, 8), 8)
    # The theme is positions 1 to 7: speech at 3 and 7, in film order, whatever its affect.
    assert (trailer[3], trailer[7]) == (1, 5)
    assert set(trailer) == {1, 5, 9, 8, 7, 6, 4, 3}
    rest = [shot for shot in trailer if shot not in (1, 5)]
    assert rest == [int(np.array([3, 4, 6, 7, 8, 9])[k]) for k in order_of_impact(levels[[3, 4, 6, 7, 8, 9]])]
    assert 1 not in reconstructed(levels, np.zeros(10), (1, 8), 8)


def test_weights_are_of_what_trailers_show() -> None:
    seen = np.stack([np.linspace(0, 1, 11), np.full(11, 0.5), np.linspace(1, 0, 11)], axis=1)
    weights = fit_weights([seen] * 5, [np.array([10, 9])] * 5)
    assert weights[0] > 0.5 > abs(weights[1])
    assert weights[2] == pytest.approx(-weights[0])
    assert fit_weights([seen], [np.array([], np.int64)]).tolist() == [0, 0, 0]
    assert attractiveness(seen, weights) == pytest.approx(np.linspace(0, 2, 11))
    assert attractiveness(seen, np.zeros(3)).tolist() == [1] * 11


def test_traits_stand_within_the_film() -> None:
    row = torch.zeros(3)
    facts = FilmFacts(row, torch.tensor([1.0, 2.0, 3.0]), torch.tensor([5.0, 4.0, 3.0]), row, row, row)
    features = torch.tensor([[0.0, 0.0], [0.0, 1.0], [0.0, 5.0]])  # the mean is (0, 2)
    assert traits(facts, features).tolist() == [[0, 1, 0.5], [0.5, 0.5, 0], [1, 0, 1]]


def loss(process: SelfCorrecting, marks: np.ndarray, lengths: np.ndarray) -> float:
    """By the docstring's equations, in marks and lengths of mean 1: of the shots of a trailer with these marks."""
    process_at, relief = process.alpha, process.beta * marks
    steady = process.beta - np.log(np.expm1(process_at) / process_at)
    total = 0.0
    for at, length in enumerate(lengths):
        if at == 0:
            start = process.mu - relief[0]
        else:
            before = process.mu if at == 1 else steady
            start = before - relief[at - 1] + process_at * lengths[at - 1] - relief[at]
        total += float(np.exp(start) * np.expm1(process_at * length) / process_at)
    return total


def test_the_most_attractive_trailer_loses_least_of_all() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        process = SelfCorrecting(*rng.uniform((-1, 0.2, 0.3), (1, 1.5, 2.0)))
        marks, seconds, shots = rng.uniform(0, 2, 7), rng.uniform(1, 4, 4), rng.uniform(1, 5, 7)
        trailer = most_attractive(process, marks, seconds, shots)
        fits = fitting(shots, seconds)
        unit, lengths = np.sort(marks)[-4:].mean(), seconds / seconds.mean()
        possible = [path for path in permutations(range(7), 4) if fits[range(4), path].all()]
        best = min(loss(process, marks[list(path)] / unit, lengths) for path in possible)
        assert loss(process, marks[trailer] / unit, lengths) == pytest.approx(best, rel=1e-5)


def test_the_process_decides_the_order_and_lengths_the_choice() -> None:
    marks, seconds = np.array([2.0, 0.2, 1.4, 0.4, 1.0]), np.array([2.0, 4.0, 1.0])
    orders = {
        tuple(most_attractive(SelfCorrecting(mu, alpha, 1.5), marks, seconds, np.full(5, 9.0)))
        for mu in (-2.0, 4.0)
        for alpha in (0.1, 3.0)
    }
    assert len(orders) > 1
    assert {frozenset(order) for order in orders} == {frozenset({0, 2, 4})}
    # Shot 3 alone is long enough for the second segment.
    assert most_attractive(SelfCorrecting(0, 1, 1), marks, seconds, np.array([2.5, 2.0, 2.0, 5.0, 2.0]))[1] == 3
    # The unit of the marks is that of the fit, a trailer's own mean: a film's own does not count.
    process = SelfCorrecting(0.5, 0.7, 1.2)
    assert most_attractive(process, 9 * marks, seconds, np.full(5, 9.0)) == most_attractive(
        process, marks, seconds, np.full(5, 9.0)
    )


def test_equal_attractiveness_goes_along_with_the_film() -> None:
    process = SelfCorrecting(0.0, 0.5, 0.8)
    assert most_attractive(process, np.ones(9), np.full(3, 2.0), np.full(9, 3.0)) == [1, 4, 7]
    assert most_attractive(process, np.ones(60), np.full(30, 2.0), np.full(60, 3.0))[::10] == [0, 20, 40]


def test_a_fitted_ppbvam_is_restored() -> None:
    fitted = methods()[2]
    config, tensors = fitted.state()
    again = PPBVAM.restored(config, tensors)
    assert again.trailer(a_film(30, 9), 0) == fitted.trailer(a_film(30, 9), 0)
    assert isinstance(fitted, PPBVAM)
    assert fitted.process.beta > 0
    with pytest.raises(ValueError, match="not the numbers"):
        PPBVAM.restored({}, {"weights": torch.zeros(2), "process": torch.zeros(3)})
    with pytest.raises(ValueError, match="no example"):
        PPBVAM().fit([Example(torch.zeros(3, 2), torch.zeros(1, 2), torch.tensor([0]))], 0)


def test_long_shots_are_few() -> None:
    assert long_shots(150, 80, 1500) == 19
    assert (long_shots(24, 20, 400), long_shots(600, 200, 2000)) == (4, 24)
    assert (long_shots(150, 3, 1500), long_shots(150, 80, 2)) == (3, 2)


def test_stretches_begin_where_the_energy_changes() -> None:
    energy = np.array([0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 1.0, 1.0])
    assert stretches(np.ones(8), energy, 3) == [0, 3, 6]
    assert stretches(np.ones(8), np.zeros(8), 4) == [0, 2, 4, 6]
    assert stretches(np.ones(5), energy[:5], 1) == [0]
    assert stretches(np.ones(3), energy[:3], 3) == [0, 1, 2]

    def worth(starts: tuple[int, ...], lengths: np.ndarray, levels: np.ndarray) -> float:
        seconds = np.diff([*np.concatenate(([0], np.cumsum(lengths)))[list(starts)], lengths.sum()])
        changes = sum(abs(levels[start] - levels[start - 1]) for start in starts[1:])
        return float(changes - 2 * (np.log(seconds / lengths.sum() * len(starts)) ** 2).sum())

    rng = np.random.default_rng(1)
    lengths, levels = rng.random(9) + 0.5, rng.normal(size=9)
    best = max(((0, *rest) for rest in combinations(range(1, 9), 3)), key=lambda s: worth(s, lengths, levels))
    assert stretches(lengths, levels, 4) == list(best)


def test_each_stretch_has_the_long_bright_shot_of_its_part_that_moves_as_the_music_does() -> None:
    facts = FilmFacts(
        torch.tensor([1.0, 9.0, 2.0, 3.0]),
        torch.tensor([0.0, 1.0, 2.0, 3.0]),
        *(torch.zeros(4) for _ in range(4)),
    )
    # Part one: shot 1 is longest by far. Part two is for the loud stretch: shot 3 is longer and moves more.
    assert shots_to_music(facts, np.array([-1.0, 1.0])) == [1, 3]
    # With the loud stretch first, motion speaks for shot 1 all the more, and for shot 2 less than length for shot 3.
    assert shots_to_music(facts, np.array([1.0, -1.0])) == [1, 2]
