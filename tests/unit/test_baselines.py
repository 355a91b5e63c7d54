"""The baselines do what their papers say, on films small enough to see it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from made_films import MODEL, film_of, scored_films
from torch.nn import functional as F

from trailergen.evaluation.baselines.learned import FilmMethod
from trailergen.evaluation.baselines.m2t import M2T, anomalies, strongest
from trailergen.evaluation.baselines.random import RandomChoice
from trailergen.evaluation.baselines.registry import BASELINES, baselines
from trailergen.evaluation.baselines.tgt import TGT, Translator
from trailergen.evaluation.baselines.uniform import UniformChoice
from trailergen.evaluation.baselines.vasnet import Importance, VASNet, VASNetLabels, importance_loss, typicality_loss
from trailergen.evaluation.budget import TrainingBudget, train_ssmp
from trailergen.evaluation.films import Film
from trailergen.evaluation.methods import Method, NetworkMethod, SSMPMethod
from trailergen.ssmp.losses import NO_LABEL
from trailergen.training.batches import Example, collate

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def chains(count: int, seed: int = 0, shots: int = 10) -> list[Example]:
    """Films whose shots point to each other: shot n shows (n, n + 1) of a shuffled list of vectors. The trailer starts
    with the marked shot and goes where it points, so it can be told shot by shot."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for _ in range(count):
        film = torch.randn(shots, 8, generator=generator)
        film[:, 0] = 0
        labels = torch.randperm(shots, generator=generator)[:5]
        film[labels, 0] = 3.0 - torch.arange(5)
        made.append(Example(film, film[labels], labels))
    return made


@pytest.mark.parametrize("name", BASELINES)
def test_every_method_gives_distinct_shots_and_the_same_ones_again(name: str) -> None:
    method: Method = baselines(TrainingBudget(MODEL, steps=2, batch=2))[name]
    method.fit(scored_films(3, shots=10), seed=1)
    example = scored_films(1, seed=9, shots=10)[0]
    film = film_of(example, positions=4)
    trailer = method.trailer(film, seed=5)
    assert len(set(trailer)) == 4
    assert set(trailer) <= set(range(10))
    assert method.trailer(film, seed=5) == trailer
    long = method.trailer(film_of(example, positions=12), seed=5)
    assert len(set(long)) == len(long)
    # Muvee shows few shots.
    assert set(long) == set(range(10)) if name != "Muvee" else set(long) <= set(range(10))


def test_only_random_choice_is_moved_by_the_seed_of_a_trailer() -> None:
    film = Film(chains(1)[0].film, 5)
    budget = TrainingBudget(MODEL, steps=1)
    for method, moved in ((RandomChoice(), True), (UniformChoice(), False), (M2T(), False), (VASNet(budget), False)):
        assert (len({tuple(method.trailer(film, seed)) for seed in range(8)}) > 1) is moved


def test_tgt_learns_to_tell_each_shot_from_those_before() -> None:
    budget = TrainingBudget(MODEL, steps=250, batch=4, learning_rate=5e-3)
    method = TGT(budget)
    examples = chains(4)

    def loss() -> float:
        return method.loss(method.network, examples).item()

    before = loss()
    method.fit(examples, seed=0)
    assert loss() < before / 2
    right = [method.trailer(Film(e.film, 5), 0)[j] == e.labels[j] for e in examples for j in range(5)]
    assert np.mean(right) > 0.8


def test_tgt_looks_at_the_past_alone_and_never_at_padding() -> None:
    torch.manual_seed(0)
    network = Translator(MODEL).eval()
    film, trailer = torch.randn(1, 9, 8), torch.randn(1, 5, 8)
    valid = torch.ones(1, 9, dtype=torch.bool)
    with torch.inference_mode():
        told = network.decode(trailer, network.encode(film, valid), valid)
        later = trailer.clone()
        later[:, 3:] = 0
        cut = network.decode(later, network.encode(film, valid), valid)
        padded = torch.cat((film, torch.randn(1, 4, 8)), dim=1)
        longer = torch.cat((valid, torch.zeros(1, 4, dtype=torch.bool)), dim=1)
        alone = network.decode(trailer, network.encode(padded, longer), longer)
    torch.testing.assert_close(told[:, :4], cut[:, :4])
    assert not torch.allclose(told[:, 4:], cut[:, 4:])
    torch.testing.assert_close(told, alone, atol=1e-5, rtol=1e-4)


def test_vasnet_learns_which_shots_are_shown() -> None:
    # The marked shots are those with a large first number, whatever the rest.
    method = VASNetLabels(TrainingBudget(MODEL, steps=150, batch=4, learning_rate=5e-3))
    method.fit(chains(20), seed=0)
    found = []
    for example in chains(5, seed=77):
        trailer = method.trailer(Film(example.film, 3), seed=0)
        assert trailer == sorted(trailer)
        found += [shot in example.labels[:3].tolist() for shot in trailer]
    assert np.mean(found) > 0.8


def test_importance_weighs_shown_and_other_shots_alike_and_skips_padding_and_cards() -> None:
    film = torch.zeros(6, 8)
    labels = torch.tensor([2, NO_LABEL])
    batch = collate([Example(film, film[:2], labels), Example(torch.zeros(3, 8), film[:1], torch.tensor([0]))], CPU)

    class Fixed(Importance):
        def forward(self, film, valid=None):  # type: ignore[no-untyped-def]
            logits = torch.zeros(film.shape[:2])
            logits[0, 2] = 2.0
            logits[1, 3:] = 50.0  # padding
            return logits

    half = float(np.log(2))
    first = 0.5 * float(np.log1p(np.exp(-2.0))) + 0.5 * half
    assert importance_loss(Fixed(MODEL), batch).item() == pytest.approx((first + half) / 2, rel=1e-5)


def test_vasnet_without_labels_learns_how_typical_shots_are() -> None:
    def films(count: int, seed: int) -> list[Example]:
        generator = torch.Generator().manual_seed(seed)
        made = []
        for _ in range(count):
            film = torch.randn(12, 8, generator=generator)
            typical = torch.randperm(12, generator=generator)[:4]
            film[typical] = torch.eye(8)[0] + 0.1 * torch.randn(4, 8, generator=generator)
            made.append(Example(F.normalize(film, dim=1), film[:1], typical))
        return made

    method = VASNet(TrainingBudget(MODEL, steps=120, batch=4, learning_rate=5e-3))
    method.fit(films(20, seed=0), seed=0)
    unseen = films(8, seed=77)
    found = [shot in e.labels.tolist() for e in unseen for shot in method.trailer(Film(e.film, 4), 0)]
    assert np.mean(found) > 0.8


def test_typicality_is_told_film_by_film_and_padding_is_skipped() -> None:
    # Mean distances 2, 1.5, 4.5 and 8 of places on a line, as shots of unit length they would all be one.
    places = torch.tensor([0.0, 0.5, 1.2, 2.0])
    film = torch.stack((places.cos(), places.sin()), dim=1)
    batch = collate([Example(film, film[:1], torch.tensor([0])), Example(film[:1], film[:1], torch.tensor([0]))], CPU)

    class Half(torch.nn.Module):
        def forward(self, film, valid):  # type: ignore[no-untyped-def]
            return torch.where(valid, 0.0, 50.0)

    chord = 2 * (torch.tensor([[0.0, 0.5, 1.2, 2.0], [0.5, 0.0, 0.7, 1.5], [1.2, 0.7, 0.0, 0.8]]) / 2).sin()
    away = torch.tensor([chord[0, :3].sum(), chord[1, :3].sum(), chord[2, 1:].sum(), chord[:, 3][1:].sum()]) / 2
    typical = 1 - (away - away.min()) / (away.max() - away.min())
    expected = ((typical - 0.5).square().mean() + 0.25) / 2
    assert typicality_loss(Half(), batch).item() == pytest.approx(expected.item(), rel=1e-4)


def test_vasnet_sees_a_film_alone_as_in_a_batch() -> None:
    torch.manual_seed(1)
    network = Importance(MODEL).eval()
    film = torch.randn(1, 6, 8)
    padded = torch.cat((film, torch.randn(1, 3, 8)), dim=1)
    valid = torch.arange(9)[None] < 6
    with torch.inference_mode():
        torch.testing.assert_close(network(film), network(padded, valid)[:, :6])


def test_anomalies_stand_out_even_where_they_are_many() -> None:
    rng = np.random.default_rng(0)
    film = rng.normal(0, 1, (60, 5)) @ np.diag([5, 1, 1, 1, 1])
    odd = [3, 17, 18, 40, 41, 42, 59]
    film[odd] += [0, 9, 0, 0, 0]
    assert strongest(anomalies(film), len(odd)) == odd
    # A plain distance from the mean would take the film's own extremes along its widest direction.
    plain = ((film - film.mean(axis=0)) ** 2).sum(axis=1)
    assert strongest(plain, len(odd)) != odd


def test_anomalies_are_finite_for_films_of_one_shot_or_of_equal_shots() -> None:
    for film in (np.ones((1, 4)), np.ones((7, 4)), np.eye(3)):
        assert np.isfinite(anomalies(film)).all()
    assert strongest(np.array([1.0, 2.0, 2.0, 0.0]), 2) == [1, 2]


def test_fitting_depends_on_the_seed_alone() -> None:
    budget = TrainingBudget(MODEL, steps=3, batch=2)
    for method in (TGT(budget), VASNet(budget), VASNetLabels(budget)):
        states = []
        for seed in (1, 1, 2):
            torch.rand(5)
            method.fit(chains(4), seed)
            states.append(torch.cat([p.flatten() for p in method.network.parameters()]))
        assert torch.equal(states[0], states[1])
        assert not torch.equal(states[0], states[2])


def test_ssmp_trains_within_the_same_budget_with_another_loss() -> None:
    budget = TrainingBudget(MODEL, steps=3, batch=2)
    cross, squared = (train_ssmp(budget, chains(4), 0, loss=loss).model for loss in ("ce", "mse"))
    assert not torch.equal(cross.blocks[0].up_proj.weight, squared.blocks[0].up_proj.weight)
    trailers = [SSMPMethod(cross, "scheduled", rounds) for rounds in (1, 3)]
    film = Film(chains(1, seed=9)[0].film, 6)
    for trained in trailers:
        assert len(set(trained.trailer(film, 0))) == 6
    assert [trained.passes for trained in trailers] == [[1], [3]]


def test_a_budget_augments_examples_anew_at_each_step() -> None:
    shifted = TrainingBudget(
        MODEL, 1, 2, augment=lambda e, rng: Example(e.film + float(rng.random()), e.trailer, e.labels)
    )
    batches = shifted.batches(chains(2), seed=0)
    assert torch.equal(batches(0)[0].film, batches(0)[0].film)
    assert not torch.equal(batches(0)[0].film, batches(1)[0].film)


def test_the_baselines_that_learn_share_the_budget() -> None:
    budget = TrainingBudget(MODEL, steps=1)
    made = baselines(budget)
    learned = [method for method in made.values() if isinstance(method, NetworkMethod | FilmMethod)]
    assert [name for name, method in made.items() if method.learns and method not in learned] == ["PPBVAM"]
    assert all(method.budget is budget for method in learned)


def test_the_page_of_the_baselines_has_all_of_them_with_their_needs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "baselines.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")]
    told = {row[0]: (set(filter(None, row[3].split(", "))), row[4] != "nothing") for row in rows[1:] if len(row) == 7}
    assert list(told) == list(BASELINES)
    assert told == {name: (set(method.needs), method.learns) for name, method in BASELINES.items()}
