"""The training loop learns, repeats itself and does what the paper says."""

from contextlib import nullcontext

import numpy as np
import pytest
import torch

from trailergen.ssmp.losses import NO_LABEL
from trailergen.ssmp.masking import Linear, SelfPaced
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.pca import PCA_DIM
from trailergen.ssmp.positions import ENERGY, LENGTH, POSITION_DIM
from trailergen.ssmp.spaces import GEOMETRY_2
from trailergen.training.accelerator import SingleProcess
from trailergen.training.augmentation import augment
from trailergen.training.batches import Example, collate, epochs
from trailergen.training.config import TrainConfig
from trailergen.training.loop import TrainState, step, train
from trailergen.training.optimizer import clip_gradients, cosine_with_warmup
from trailergen.training.simulation.examples import simulated_example
from trailergen.training.simulation.pairs import simulate_pair

MODEL = ModelConfig(feature_dim=8, width=16, layers=2, heads=2, ffn=32, logit_scale=10.0)
CPU = torch.device("cpu")
ALWAYS, MEASURED = (
    [PCA_DIM + column for column, source in enumerate(GEOMETRY_2.sources) if (source == "") is always]
    for always in (True, False)
)
"""Columns of a token that every film has, and those that a film may lack."""


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def examples(count: int, seed: int = 0) -> list[Example]:
    """Trailers that a model of the film can foresee: every other shot, in film order."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for number in range(count):
        film = torch.randn(8 + number % 3, 8, generator=generator)
        labels = torch.arange(0, len(film), 2)
        made.append(Example(film, film[labels], labels))
    return made


def test_training_fits_a_few_pairs() -> None:
    pairs = examples(4)
    config = TrainConfig(MODEL, steps=150, learning_rate=3e-3)
    curves = train(config, epochs(pairs, 2, seed=0)).curves
    assert np.mean(curves.accuracy[:20]) < 0.5
    assert np.mean(curves.accuracy[-20:]) > 0.9
    # Self-paced: the ratio starts at t_min and rises as the model gets better, never to fall.
    assert curves.ratio[0] == 0.1
    assert curves.ratio[-1] > 0.9
    assert (np.diff(curves.ratio) >= 0).all()


def test_the_same_run_twice_gives_the_same_weights_whatever_torch_drew_before() -> None:
    config = TrainConfig(MODEL, steps=5, seed=3)
    one = train(config, epochs(examples(4), 2, seed=1)).model.state_dict()
    torch.rand(17)
    other = train(config, epochs(examples(4), 2, seed=1)).model.state_dict()
    changed = train(TrainConfig(MODEL, steps=5, seed=4), epochs(examples(4), 2, seed=1)).model.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(one["mask_placeholder"], changed["mask_placeholder"])


def test_training_leaves_torchs_random_state_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    train(TrainConfig(MODEL, steps=2), epochs(examples(2), 2, seed=0))
    assert torch.equal(torch.rand(3), expected)


def test_a_step_is_the_schedules_ratio_and_hands_it_the_accuracy() -> None:
    seen = []

    class Spy(SelfPaced):
        def next(self, pace, accuracy):  # type: ignore[no-untyped-def]
            seen.append((pace.ratio, accuracy))
            return super().next(pace, accuracy)

    curves = train(TrainConfig(MODEL, steps=6, schedule=Spy()), epochs(examples(4), 2, seed=0)).curves
    assert seen == list(zip(curves.ratio, curves.accuracy, strict=True))


def test_shots_without_a_label_are_not_learned_from() -> None:
    made = examples(1)[0]
    film, trailer, labels = made.film, made.trailer, made.labels
    unlabelled = Example(film, trailer, torch.full_like(labels, NO_LABEL))
    config = TrainConfig(MODEL, steps=4, weight_decay=0.0, schedule=Linear(4))
    state = TrainState.start(config, CPU)
    before = {name: tensor.clone() for name, tensor in state.model.state_dict().items()}
    step(config, state, [unlabelled])
    assert all(torch.equal(before[name], tensor) for name, tensor in state.model.state_dict().items())
    step(config, state, [Example(film, trailer, labels)])
    assert not all(torch.equal(before[name], tensor) for name, tensor in state.model.state_dict().items())


def test_epochs_show_everything_once_and_similar_lengths_together() -> None:
    pairs = [Example(torch.zeros(n, 8), torch.zeros(2, 8), torch.zeros(2)) for n in range(10, 210, 10)]
    batches = epochs(pairs, 5, seed=0)
    first, second = ([batches(step) for step in range(at, at + 4)] for at in (0, 4))
    for epoch in (first, second):
        assert sorted(len(e.film) for batch in epoch for e in batch) == list(range(10, 210, 10))
    assert [[len(e.film) for e in batch] for batch in first] != [[len(e.film) for e in batch] for batch in second]
    longest_to_shortest = [max(len(e.film) for e in batch) / min(len(e.film) for e in batch) for batch in first]
    assert sorted(longest_to_shortest)[:3] < [2.0] * 3
    with pytest.raises(ValueError, match="nothing"):
        epochs([], 5, seed=0)


def test_the_last_batch_of_an_epoch_may_be_smaller() -> None:
    batches = epochs(examples(5), 2, seed=0)
    assert sorted(len(batches(step)) for step in range(3)) == [1, 2, 2]


def test_collate_pads_at_the_end() -> None:
    batch = collate(examples(3), CPU)
    assert batch.film.shape == (3, 10, 8)
    assert batch.film_valid.sum(dim=1).tolist() == [8, 9, 10]
    assert batch.trailer_valid.sum(dim=1).tolist() == [4, 5, 5]
    assert batch.film_valid[0].tolist() == [True] * 8 + [False] * 2
    assert batch.labels[0].tolist() == [0, 2, 4, 6, NO_LABEL]


def test_learning_rate_rises_and_falls() -> None:
    rates = [cosine_with_warmup(step, 100, 0.1) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == rates[10] == 1
    assert rates[55] == pytest.approx(0.5)
    assert rates[99] == pytest.approx(0, abs=1e-3)
    assert np.argmax(rates) in (9, 10)


@pytest.mark.parametrize("numbers", [(0, 3), (0, 1)])
def test_a_batch_is_masked_only_where_something_is_padding(numbers: tuple[int, int]) -> None:
    """Attention without a mask can be faster; masks that hide nothing give the same bits."""
    pairs = [examples(4)[number] for number in numbers]
    alike = len(pairs[0].film) == len(pairs[1].film)
    config, valid = TrainConfig(MODEL, steps=3), collate(pairs, CPU)
    usual, masked = (TrainState.start(config, CPU) for _ in range(2))

    def forward(*batch: torch.Tensor | None) -> torch.Tensor:
        assert (batch[3] is None, batch[4] is None) == (alike, alike)
        return usual.model(*batch)

    def always(*batch: torch.Tensor | None) -> torch.Tensor:
        return masked.model(*batch[:3], valid.film_valid, valid.trailer_valid)

    for _ in range(3):
        step(config, usual, pairs, forward=forward)
        step(config, masked, pairs, forward=always)
    assert usual.curves == masked.curves
    for ours, theirs in zip(usual.model.parameters(), masked.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_a_gpu_runs_the_model_itself_in_bfloat16_and_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compilation for films of every length fails in torch 2.11. No GPU is needed to see that it is not asked for."""
    asked: list[object] = []
    monkeypatch.setattr(torch, "compile", lambda *given, **options: asked.append("compile"))
    monkeypatch.setattr(torch.nn.Module, "compile", lambda *given, **options: asked.append("compile"))
    monkeypatch.setattr(torch, "autocast", lambda *given: asked.append(given) or nullcontext())
    model, batch = TrainState.start(TrainConfig(MODEL, steps=3), CPU).model, collate(examples(2), CPU)
    shown = batch.film, batch.trailer, batch.trailer_valid
    assert torch.equal(SingleProcess("cuda").prepare(model)(*shown), model(*shown))
    assert asked == [("cuda", torch.bfloat16)]


def test_a_cpu_computes_in_bfloat16_where_it_is_asked_to() -> None:
    model, batch = TrainState.start(TrainConfig(MODEL, steps=3), CPU).model.eval(), collate(examples(2), CPU)
    shown = batch.film, batch.trailer, batch.trailer_valid
    whole, narrow = (SingleProcess("cpu", precision).prepare(model)(*shown) for precision in ("fp32", "bf16"))
    assert torch.equal(whole, model(*shown))
    assert narrow.dtype == torch.bfloat16
    torch.testing.assert_close(narrow.float(), whole, atol=0.05, rtol=0.05)


def test_gradients_are_clipped_unless_that_is_off() -> None:
    module = torch.nn.Linear(2, 1, bias=False)
    for clip, expected in ((1.0, 1.0), (0.0, 5.0), (9.0, 5.0)):
        module.weight.grad = torch.tensor([[3.0, 4.0]])
        clip_gradients(module, TrainConfig(MODEL, steps=1, clip=clip))
        assert module.weight.grad.norm().item() == pytest.approx(expected, rel=1e-4)


def test_examples_of_pairs_have_no_cards_and_labels_of_eq_1() -> None:
    pair = simulate_pair(np.random.default_rng(2), shots=120, positions=30)
    example = simulated_example(pair)
    shown = pair.labels[pair.labels >= 0]
    assert (pair.labels < 0).any()
    assert example.film.shape == (120, GEOMETRY_2.dim)
    assert example.positions is not None
    assert example.positions.shape == (len(shown), POSITION_DIM)
    assert len(example.trailer) == len(example.labels) == len(shown)
    assert (example.labels.numpy() == shown).mean() > 0.9
    assert torch.equal(example.trailer[:, PCA_DIM:], example.film[example.labels, PCA_DIM:])


def test_augmentation_keeps_the_geometry_of_a_film_only() -> None:
    example = simulated_example(simulate_pair(np.random.default_rng(2), shots=60, positions=12))
    rng = np.random.default_rng(0)
    versions = [augment(example, rng) for _ in range(40)]
    for version in versions:
        for kept, original in ((version.film, example.film), (version.trailer, example.trailer)):
            rotated, axes = kept[:, :PCA_DIM], original[:, :PCA_DIM]
            torch.testing.assert_close(rotated @ rotated.T, axes @ axes.T, atol=1e-5, rtol=0)
            assert (rotated - axes).abs().max() > 0.1
        assert torch.equal(version.film[:, ALWAYS], example.film[:, ALWAYS])
        assert version.positions is not None
        assert example.positions is not None
        assert torch.equal(version.positions[:, :LENGTH], example.positions[:, :LENGTH])
    lacking = [(version.film[:, MEASURED] == 0).all(dim=0) for version in versions]
    assert 0.05 < torch.stack(lacking).float().mean() < 0.4
    unheard = [not version.positions[:, ENERGY].any() for version in versions if version.positions is not None]
    assert 0 < np.mean(unheard) < 0.4
