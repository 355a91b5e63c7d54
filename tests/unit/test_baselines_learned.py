"""IPOT, MMSC, OTVS and CLIP-It on films in which what they assume holds, and on awkward ones."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from made_films import MODEL, TEXT, facts_of, film_of, scored_films
from torch.nn import functional as F

from trailergen.errors import UsageError
from trailergen.evaluation.baselines.clip_it import CLIPIt, diversity_loss
from trailergen.evaluation.baselines.ipot import IPOT, observed_plan
from trailergen.evaluation.baselines.learned import (
    FilmLossMethod,
    FilmMethod,
    Sizes,
    shown_shots,
    standardised,
    stretches,
)
from trailergen.evaluation.baselines.mmsc import MMSC, pseudo_scores, sort_onto
from trailergen.evaluation.baselines.otvs import OTVS, film_scores, fit_projector, paired, projection_loss
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.budget import TrainingBudget, seeded_module
from trailergen.evaluation.films import Film
from trailergen.training.batches import Example
from trailergen.training.films import Music

METHODS: tuple[type[FilmMethod], ...] = (IPOT, MMSC, OTVS, CLIPIt)
SHORT = TrainingBudget(MODEL, steps=2, batch=2)
LONG = TrainingBudget(MODEL, steps=60, batch=4, learning_rate=5e-3)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def loss_of(method: FilmLossMethod, network: torch.nn.Module, examples: list[Example]) -> float:
    return float(np.mean([method.film_loss(network, example).item() for example in examples]))


def falls(method: FilmLossMethod, examples: list[Example]) -> float:
    """The loss after training over the loss of the network that training began with."""
    first = seeded_module(lambda: method.build(MODEL, method.sizes), 0).eval()
    assert method.network is not None
    return loss_of(method, method.network, examples) / loss_of(method, first, examples)


def shared(trailers: list[list[int]], examples: list[Example]) -> float:
    """Share of the shots chosen that the trailers show; by chance it is 5 of 14."""
    return float(np.mean([shot in e.labels.tolist() for t, e in zip(trailers, examples, strict=True) for shot in t]))


# IPOT


def test_ipot_learns_which_shots_and_where() -> None:
    method, seen = IPOT(replace(LONG, learning_rate=1e-2)), scored_films(20)
    method.fit(seen, seed=0)
    assert falls(method, seen) < 0.85
    unseen = scored_films(12, seed=77)
    trailers = [method.trailer(film_of(e), 0) for e in unseen]
    assert shared(trailers, unseen) > 0.8
    placed = [t[j] == e.labels[j] for t, e in zip(trailers, unseen, strict=True) for j in range(5)]
    assert np.mean(placed) > 0.5  # by chance, of the right shots, 0.2


def test_ipot_places_shots_where_they_are_as_long_as_the_music() -> None:
    method = IPOT(SHORT)
    method.fit(scored_films(3), seed=0)
    film = film_of(scored_films(1, seed=5)[0])
    assert film.facts is not None and film.music is not None
    lengths = torch.tensor([50.0, 10.0, 30.0, 20.0, 40.0])
    timed = replace(film, music=replace(film.music, lengths_s=lengths))
    facts = replace(film.facts, durations_s=torch.arange(14) * 4.0)
    found = method.trailer(replace(timed, facts=facts), 0)
    # Seconds outweigh distances of unit vectors, so that longer segments have longer shots.
    assert np.argsort(found).tolist() == np.argsort(lengths.numpy()).tolist()


def test_the_observed_plan_is_the_trailer_as_far_as_its_shots_were_chosen() -> None:
    plan = observed_plan(torch.tensor([7, 2, 4]), torch.tensor([4, 9, 7]))
    torch.testing.assert_close(plan, torch.tensor([[0, 0, 0.5], [0, 0, 0], [0.5, 0, 0]]), atol=1e-6, rtol=0)
    assert plan.min() > 0 and plan.sum() == pytest.approx(1)
    torch.testing.assert_close(observed_plan(torch.tensor([1, 2]), torch.tensor([5, 6])), torch.full((2, 2), 0.25))


# MMSC


def test_mmsc_learns_which_shots_and_their_order() -> None:
    method, seen = MMSC(LONG), scored_films(20)
    method.fit(seen, seed=0)
    assert falls(method, seen) < 0.3
    unseen = scored_films(12, seed=77)
    trailers = [method.trailer(film_of(e), 0) for e in unseen]
    assert shared(trailers, unseen) > 0.8
    placed = [t[j] == e.labels[j] for t, e in zip(trailers, unseen, strict=True) for j in range(5)]
    assert np.mean(placed) > 0.9


def test_pseudo_scores_of_mmsc_by_hand() -> None:
    film = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 3.0], [-1.0, 0.0]])
    trailer = torch.tensor([[0.0, 1.0], [5.0, 0.0]])
    trailerness, emotion = pseudo_scores(film, trailer, torch.tensor([-1.0, 3.0]))
    half = 2**-0.5  # largest cosines: 1, 1, 0.707 and 0
    torch.testing.assert_close(trailerness, torch.tensor([1.0, 1.0, half, 0.0]))
    assert emotion[[0, 1, 3]].tolist() == [1.0, 0.0, 0.0]


def test_shots_are_sorted_onto_the_energy_of_the_music() -> None:
    shots, emotion = torch.tensor([8, 3, 5]), torch.tensor([0.9, 0.1, 0.4])
    assert sort_onto(shots, emotion, torch.tensor([0.0, 2.0, -1.0])) == [5, 8, 3]


# OTVS


def told_films(count: int, seed: int = 0) -> list[Example]:
    """Typical shots, which look alike and are told well, and odd ones with captions of something else."""
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(8, TEXT, generator=torch.Generator().manual_seed(99))
    made = []
    for _ in range(count):
        film = F.normalize(torch.randn(14, 8, generator=generator), dim=1)
        typical = torch.randperm(14, generator=generator)[:5]
        film[typical] = F.normalize(torch.eye(8)[0] + 0.1 * torch.randn(5, 8, generator=generator), dim=1)
        words = film @ mixing + 0.05 * torch.randn(14, TEXT, generator=generator)
        odd = torch.ones(14, dtype=torch.bool).index_fill(0, typical, False)
        words[odd] = torch.randn(9, TEXT, generator=generator)
        music = Music(torch.ones(5), torch.zeros(5), torch.zeros(5, 1))
        facts = facts_of(F.normalize(words, dim=1))
        made.append(Example(film, film[typical], typical.sort().values, film_facts=facts, music=music))
    return made


def test_otvs_finds_the_typical_shots_that_captions_tell() -> None:
    method, unseen = OTVS(replace(LONG, steps=160)), told_films(12, seed=77)
    method.fit(told_films(20), seed=0)
    trailers = [method.trailer(film_of(e), 0) for e in unseen]
    assert shared(trailers, unseen) > 0.75
    assert all(trailer == sorted(trailer) and len(trailer) == 5 for trailer in trailers)


def test_the_projector_learns_the_space_of_shots_and_keeps_texts_apart() -> None:
    films, sizes = told_films(12), Sizes(words=TEXT)
    learned, first = (fit_projector(films, replace(LONG, steps=steps), sizes, 0) for steps in (100, 0))

    def loss(projector: torch.nn.Module) -> float:
        return float(np.mean([projection_loss(projector, *paired(film)).item() for film in films]))

    assert loss(learned) < 0.75 * loss(first)
    scores = film_scores(learned, films[0])
    assert scores.min() == 0 and scores.max() == 1
    typical = films[0].labels.numpy()
    assert scores[typical].mean() > np.delete(scores, typical).mean() + 0.2


def test_the_loss_of_the_projector_by_hand() -> None:
    shots = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    same = projection_loss(torch.nn.Identity(), shots, shots)
    # No gap; squared distances 2, 2 and 4 between three texts are shares 1/8, 1/8 and 1/4 of pairs counted twice.
    divergence = 4 / 8 * np.log(6 / 8) + 2 / 4 * np.log(6 / 4)
    assert same.item() == pytest.approx(divergence, abs=1e-6)
    turned = projection_loss(torch.nn.Identity(), shots, -shots)
    assert turned.item() == pytest.approx(4 + divergence, abs=1e-6)
    assert projection_loss(torch.nn.Identity(), shots[:1], shots[1:2]).item() == pytest.approx(2)


def test_shots_without_a_caption_are_left_out_of_the_pairs() -> None:
    example = told_films(1)[0]
    assert example.film_facts is not None and example.film_facts.captions is not None
    silent = example.film_facts.captions.clone()
    silent[3:] = 0
    fewer = replace(example, film_facts=replace(example.film_facts, captions=silent))
    assert [len(side) for side in paired(fewer)] == [3, 3]
    none = replace(example, film_facts=replace(example.film_facts, captions=torch.zeros_like(silent)))
    scores = film_scores(torch.nn.Identity(), none)
    assert scores.max() == 1 and np.isfinite(scores).all()


# CLIP-It


def test_captions_are_learned_with_films_as_they_are() -> None:
    def augment(example: Example, rng: np.random.Generator) -> Example:
        raise AssertionError("augmented")

    budget = replace(SHORT, augment=augment)
    for method in (CLIPIt, OTVS):
        method(budget).fit(scored_films(3), seed=0)
    with pytest.raises(AssertionError, match="augmented"):
        IPOT(budget).fit(scored_films(3), seed=0)


def test_the_kind_of_music_is_all_the_same_to_who_does_not_listen() -> None:
    film = film_of(scored_films(1, seed=5)[0])
    assert film.music is not None
    other = replace(film, music=replace(film.music, features=torch.ones(len(film.music.lengths_s), 33)))
    for method in (CLIPIt(SHORT), OTVS(SHORT)):
        method.fit(scored_films(3), seed=0)
        assert method.sizes.music == 0
        assert method.trailer(other, 0) == method.trailer(film, 0)


def varied_films(count: int, seed: int = 0) -> list[Example]:
    """Nine shots of a film are nearly one, five are each like no other."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for _ in range(count):
        film = F.normalize(torch.eye(8)[0] + 0.1 * torch.randn(14, 8, generator=generator), dim=1)
        odd = torch.randperm(14, generator=generator)[:5]
        film[odd] = torch.eye(8)[1:6]
        words = F.normalize(torch.randn(14, TEXT, generator=generator), dim=1)
        music = Music(torch.ones(5), torch.zeros(5), torch.zeros(5, 1))
        made.append(Example(film, film[odd], odd, film_facts=facts_of(words), music=music))
    return made


def test_clip_it_learns_to_choose_shots_that_differ() -> None:
    method, seen, unseen = CLIPIt(replace(LONG, steps=150)), varied_films(30), varied_films(12, seed=77)
    method.fit(seen, seed=0)
    assert falls(method, seen) < 0.3
    trailers = [method.trailer(film_of(e), 0) for e in unseen]
    assert shared(trailers, unseen) > 0.8
    assert all(trailer == sorted(trailer) for trailer in trailers)


def test_diversity_counts_pairs_by_their_scores() -> None:
    film = torch.tensor([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
    # Cosines 1, 0 and 0 of the pairs 01, 02 and 12.
    assert diversity_loss(film, torch.ones(3)).item() == pytest.approx(1 / 3)
    assert diversity_loss(film, torch.tensor([1.0, 0.5, 0.5])).item() == pytest.approx(0.5 / 1.25)
    assert diversity_loss(film[:1], torch.ones(1)).item() == 0


# All of them


@pytest.mark.parametrize("method", METHODS)
def test_methods_depend_on_the_seed_of_the_fit_alone(method: type[FilmMethod]) -> None:
    film, states = film_of(scored_films(1, seed=9)[0]), []
    for seed in (1, 1, 2):
        torch.rand(5)
        fitted = method(SHORT)
        fitted.fit(scored_films(4), seed)
        assert fitted.network is not None
        states.append(torch.cat([p.flatten() for p in fitted.network.parameters()]))
        assert fitted.trailer(film, 0) == fitted.trailer(film, 8)
    assert torch.equal(states[0], states[1])
    assert not torch.equal(states[0], states[2])


@pytest.mark.parametrize("method", METHODS)
def test_methods_are_kept_with_the_sizes_of_their_inputs(method: type[FilmMethod]) -> None:
    fitted = method(SHORT)
    fitted.fit(scored_films(4), seed=0)
    again = method.restored(*fitted.state())
    film = film_of(scored_films(1, seed=9)[0])
    assert again.trailer(film, 0) == fitted.trailer(film, 0)
    with pytest.raises(ValueError, match="not fitted"):
        method(SHORT).state()


@pytest.mark.parametrize("method", METHODS)
def test_methods_survive_awkward_films(method: type[FilmMethod]) -> None:
    fitted = method(SHORT)
    short = scored_films(1, seed=3, shots=1, positions=1)
    fitted.fit(scored_films(3) + short, seed=0)
    example = scored_films(1, seed=9)[0]
    assert sorted(fitted.trailer(film_of(example, positions=20), 0)) == list(range(14))
    assert fitted.trailer(film_of(short[0]), 0) == [0]
    assert fitted.trailer(film_of(short[0], positions=3), 0) == [0]
    equal = replace(example, film=torch.ones(14, 8))
    assert len(set(fitted.trailer(film_of(equal), 0))) == 5
    assert example.film_facts is not None
    silent = torch.zeros(14, TEXT)
    mute = replace(example, film_facts=replace(example.film_facts, captions=silent, subtitles=silent))
    assert len(set(fitted.trailer(film_of(mute), 0))) == 5
    fitted.fit([mute, mute], seed=0)
    assert len(set(fitted.trailer(film_of(mute), 0))) == 5


@pytest.mark.parametrize("method", METHODS)
def test_what_a_method_needs_and_lacks_is_named(method: type[FilmMethod]) -> None:
    plain = [replace(example, film_facts=None, music=None) for example in scored_films(2)]
    with pytest.raises(UsageError, match="cannot learn from these films"):
        method(SHORT).fit(plain, seed=0)
    fitted = method(SHORT)
    fitted.fit(scored_films(2), seed=0)
    with pytest.raises(UsageError, match="cannot plan this film"):
        fitted.trailer(Film(plain[0].film, 3), 0)
    with pytest.raises(UsageError, match="features are 5 numbers long, those learned from 8"):
        fitted.trailer(replace(film_of(scored_films(1)[0]), features=torch.zeros(14, 5)), 0)
    with pytest.raises(ValueError, match="not fitted"):
        method(SHORT).trailer(film_of(scored_films(1)[0]), 0)


def test_ipot_and_mmsc_do_without_facts() -> None:
    for method in (IPOT, MMSC):
        fitted = method(SHORT)
        fitted.fit([replace(example, film_facts=None) for example in scored_films(3)], seed=0)
        for film in (film_of(scored_films(1)[0]), replace(film_of(scored_films(1)[0]), facts=None)):
            assert len(set(fitted.trailer(film, 0))) == 5


def test_music_is_standardised_over_the_track_and_words_pooled_over_stretches() -> None:
    music = Music(torch.ones(2), torch.zeros(2), torch.tensor([[1.0, 5.0], [3.0, 5.0]]))
    assert standardised(music).tolist() == [[-1.0, 0.0], [1.0, 0.0]]
    words = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    torch.testing.assert_close(stretches(words, 3), torch.tensor([[2**-0.5, 2**-0.5], [0.0, 1.0]]))
    assert stretches(words[2:4], 5).shape == (0, 2)


def test_shown_shots_leave_out_cards() -> None:
    example = replace(scored_films(1, shots=6)[0], labels=torch.tensor([4, -1, 1, 4]))
    assert shown_shots(example).tolist() == [0, 1, 0, 0, 1, 0]


def test_the_registry_has_the_order_of_table_1() -> None:
    table = ["VASNet", "CLIP-It", "OTVS", "Muvee", "M2T", "V2T", "PPBVAM", "IPOT", "MMSC", "TGT"]
    assert [name for name in BASELINES if name in table] == table
    assert set(BASELINES) - set(table) == {"VASNet-labels", "random", "uniform"}
