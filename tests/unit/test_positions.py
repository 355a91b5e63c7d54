"""What a model knows of a trailer's positions; without it, the model is the paper's."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from analyses import analysis, picture
from test_channels import readings_of

from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.checkpoint import load_checkpoint, save_checkpoint
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.facts import shot_facts
from trailergen.ssmp.generate import generate, predictor
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.positions import ENERGY, LENGTH, POSITION_DIM, TIME_CHANNELS, Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_1, GEOMETRY_2, TokenSpace
from trailergen.training.batches import Example, collate

CONFIG = ModelConfig(feature_dim=8, width=16, layers=2, heads=2, ffn=24, logit_scale=5.0)

FEATURES = np.random.default_rng(1).normal(size=(12, 20)).astype(np.float32)


def model_of(config: ModelConfig, seed: int = 0) -> SSMP:
    torch.manual_seed(seed)
    return SSMP(config).eval()


def listening(config: ModelConfig = CONFIG, dim: int = POSITION_DIM) -> SSMP:
    """A model for which positions make a difference, as one has that was trained."""
    model = model_of(replace(config, position_dim=dim))
    assert model.position_proj is not None
    torch.nn.init.normal_(model.position_proj.weight)
    return model


def test_channels_tell_time_length_and_music() -> None:
    known = position_channels(Positions(np.array([1.0, 1.0, 2.0]), np.array([-20.0, -3.0, np.nan])))
    assert known.shape == (3, POSITION_DIM)
    np.testing.assert_allclose(known[:, 0], [-0.75, -0.25, 0.5])
    assert known[0, LENGTH] == known[1, LENGTH] < known[2, LENGTH]
    assert known[0, ENERGY] < known[2, ENERGY] == 0 < known[1, ENERGY]
    assert np.abs(known).max() <= 1
    unheard = position_channels(Positions(np.array([3, 3, 3])))
    assert not unheard[:, LENGTH:].any()
    assert len(set(unheard[:, :TIME_CHANNELS].sum(axis=1).tolist())) == 3
    assert np.isfinite(position_channels(Positions(np.zeros(2)))).all()


def test_a_model_that_has_not_learned_of_positions_is_the_papers_bit_for_bit() -> None:
    plain, told = model_of(CONFIG), model_of(replace(CONFIG, position_dim=POSITION_DIM))
    weights = told.state_dict()
    assert not weights.pop("position_proj.weight").any()
    assert all(torch.equal(weights[name], tensor) for name, tensor in plain.state_dict().items())
    film, trailer, masked = torch.randn(2, 7, 8), torch.randn(2, 4, 8), torch.rand(2, 4) < 0.5
    expected = plain(film, trailer, masked)
    assert torch.equal(told(film, trailer, masked), expected)
    assert torch.equal(told(film, trailer, masked, positions=torch.randn(2, 4, POSITION_DIM)), expected)
    assert ModelConfig().position_dim == 0
    assert plain.position_proj is None


def test_positions_count_masked_and_filled_and_padding_changes_nothing() -> None:
    model = listening()
    film, trailer, known = torch.randn(1, 7, 8), torch.randn(1, 4, 8), torch.randn(1, 4, POSITION_DIM)
    for masked in (torch.zeros(1, 4, dtype=torch.bool), torch.ones(1, 4, dtype=torch.bool)):
        with torch.no_grad():
            one = model(film, trailer, masked, positions=known)
            assert not torch.allclose(one, model(film, trailer, masked, positions=known.flip(1)))
            assert torch.equal(model(film, trailer, masked), model(film, trailer, masked, positions=0 * known))
    short = Example(film[0, :5], trailer[0, :2], torch.tensor([1, 2]), known[0, :2])
    long = Example(film[0], trailer[0], torch.tensor([0, 1, 2, 3]), known[0])
    batch = collate([short, long], torch.device("cpu"))
    assert batch.positions is not None
    hidden = torch.ones(2, 4, dtype=torch.bool)
    with torch.no_grad():
        both = model(batch.film, batch.trailer, hidden, batch.film_valid, batch.trailer_valid, batch.positions)
        alone = model(film[:, :5], trailer[:, :2], hidden[:1, :2], positions=known[:, :2])
    torch.testing.assert_close(both[:1, :2], alone, atol=1e-5, rtol=0)
    assert collate([short, replace(long, positions=None)], torch.device("cpu")).positions is None


def test_a_model_without_use_for_positions_says_so_and_decoders_leave_them_aside() -> None:
    model, film = model_of(CONFIG), torch.randn(9, 8)
    with pytest.raises(ValueError, match="position_dim"):
        model(film[None], film[None, :3], torch.ones(1, 3, dtype=torch.bool), positions=torch.zeros(1, 3, 2))
    with pytest.raises(ValueError, match="negative"):
        replace(CONFIG, position_dim=-1)
    empty = np.full(3, -1)
    known = torch.randn(3, POSITION_DIM)
    np.testing.assert_array_equal(predictor(model, film)(empty), predictor(model, film, known)(empty))
    told = listening()
    assert not np.allclose(predictor(told, film)(empty), predictor(told, film, known)(empty))
    assert len(generate(told, film, Constraints(9, 3), positions=known).shots) == 3


def test_checkpoints_keep_it_and_older_ones_have_none(tmp_path: Path) -> None:
    model = listening()
    save_checkpoint(tmp_path / "new.safetensors", model, GEOMETRY_2.name)
    loaded, info = load_checkpoint(tmp_path / "new.safetensors")
    assert info.config.position_dim == POSITION_DIM
    assert loaded.position_proj is not None
    assert model.position_proj is not None
    assert torch.equal(loaded.position_proj.weight, model.position_proj.weight)
    older = {name: value for name, value in asdict(CONFIG).items() if name != "position_dim"}
    assert ModelConfig(**older) == CONFIG


def test_facts_take_readings_of_the_same_shots() -> None:
    film = analysis([[picture(number)] for number in range(5)])
    bare = shot_facts(film, None)
    assert bare.readings is None
    np.testing.assert_array_equal(bare.start_s, shot_facts(film).start_s)
    read = shot_facts(film, readings_of(5))
    assert read.readings is not None
    assert not np.array_equal(GEOMETRY_2.context(FEATURES[:5], bare), GEOMETRY_2.context(FEATURES[:5], read))
    with pytest.raises(ValueError, match="4 shots"):
        shot_facts(film, readings_of(4))


@pytest.mark.parametrize("space", [GEOMETRY_1, GEOMETRY_2], ids=lambda space: space.name)
def test_the_planner_shows_a_checkpoint_the_tokens_it_names(tmp_path: Path, space: TokenSpace) -> None:
    model = listening(replace(CONFIG, feature_dim=space.dim))
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, model, space.name)
    planner = Planner.load("cpu", path)
    assert planner.space is None
    assert planner.tokens is space
    features, length = FEATURES, np.ones(12, np.float32)
    facts = ShotFacts(np.cumsum(length) - length, length)
    rising = Positions(np.ones(4), np.arange(4.0))
    ours = planner.predictor(features, facts, 4, rising)(np.full(4, -1))
    tokens = torch.from_numpy(space.film_tokens(features, facts))
    known = torch.from_numpy(position_channels(rising))
    np.testing.assert_array_equal(ours, predictor(model, tokens, known)(np.full(4, -1)))
    falling = Positions(np.ones(4), -np.arange(4.0))
    results = [
        planner.decode(features, facts, Constraints(12, 4), "scheduled", 0, positions=p) for p in (None, falling)
    ]
    assert all(len(set(result.shots.tolist())) == 4 for result in results)
    assert not np.allclose(ours, planner.predictor(features, facts, 4, falling)(np.full(4, -1)))
