"""Checkpoints come back as they were saved, and everything else is refused with a reason."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from trailergen.errors import OutputError, WeightsError
from trailergen.ssmp.checkpoint import METADATA_KEY, load_checkpoint, require_feature_space, save_checkpoint
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.training.loop import TrainConfig, TrainState
from trailergen.training.state import load_state, save_state

CONFIG = ModelConfig(feature_dim=6, width=8, layers=1, heads=2, ffn=12, logit_scale=10.0)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, SSMP(CONFIG), "builtin-1", {"epochs": 3})
    return path


def rewritten(path: Path, about: dict[str, object]) -> Path:
    save_file(load_file(path), path, {METADATA_KEY: json.dumps(about)})
    return path


def description(**changes: object) -> dict[str, object]:
    about: dict[str, object] = {
        "format": "trailergen.ssmp/1",
        "config": {"feature_dim": 6, "width": 8, "layers": 1, "heads": 2, "ffn": 12},
        "feature_space": "builtin-1",
        "training": {},
    }
    return {**about, **changes}


def test_a_model_comes_back_as_it_was(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model, path = SSMP(CONFIG).eval(), tmp_path / "model.safetensors"
    save_checkpoint(path, model, "builtin-1", {"epochs": 3})
    loaded, info = load_checkpoint(path)
    assert (info.config, info.feature_space, info.training) == (CONFIG, "builtin-1", {"epochs": 3})
    film, trailer, masked = torch.randn(1, 5, 6), torch.randn(1, 3, 6), torch.tensor([[True, False, True]])
    assert torch.equal(loaded(film, trailer, masked), model(film, trailer, masked))
    assert not loaded.training
    first = path.read_bytes()
    save_checkpoint(path, loaded, "builtin-1", {"epochs": 3})
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


FORMER_NAMES = {
    "in_proj.weight": "enter.weight",
    "out_proj.weight": "leave.weight",
    "token_type_embedding": "sides",
    "position_proj.weight": "place.weight",
    "blocks.0.qkv_proj.weight": "blocks.0.query_key_value.weight",
    "blocks.0.attention_out_proj.weight": "blocks.0.attention_out.weight",
    "blocks.0.up_proj.weight": "blocks.0.up.weight",
    "blocks.0.down_proj.weight": "blocks.0.out.weight",
}
"""Present names of the tensors of a model of one block, and those of version 1."""


def full_model() -> SSMP:
    """A model that has every kind of tensor."""
    torch.manual_seed(0)
    model = SSMP(replace(CONFIG, local_attention_init=True, position_dim=3)).eval()
    assert model.position_proj is not None
    torch.nn.init.normal_(model.position_proj.weight)
    return model


def test_checkpoints_of_version_1_are_read(tmp_path: Path) -> None:
    model, path = full_model(), tmp_path / "former.safetensors"
    tensors = model.state_dict()
    assert set(FORMER_NAMES) < set(tensors)
    former = {FORMER_NAMES.get(name, name): tensor for name, tensor in tensors.items()}
    assert {"mask_placeholder", "blocks.0.ffn_norm.weight", "blocks.0.attention_norm.weight"} < set(former)
    config = asdict(model.config)
    config["local_start"] = config.pop("local_attention_init")
    save_file(former, path, {METADATA_KEY: json.dumps(description(config=config, training={"model": config}))})
    loaded, info = load_checkpoint(path)
    assert info.config == model.config
    assert info.training == {"model": asdict(model.config)}
    film, trailer, masked = torch.randn(1, 5, 6), torch.randn(1, 3, 6), torch.tensor([[True, False, True]])
    known = torch.randn(1, 3, 3)
    assert torch.equal(loaded(film, trailer, masked, positions=known), model(film, trailer, masked, positions=known))
    save_checkpoint(path, loaded, "builtin-1")
    assert set(load_file(path)) == set(tensors)


def test_an_unfinished_training_of_version_1_is_taken_up(tmp_path: Path) -> None:
    path, device = tmp_path / "run.state.safetensors", torch.device("cpu")
    config = TrainConfig(full_model().config, steps=3)
    run = {"batch": 1, "model": asdict(config.model)}
    state = TrainState.start(config, device)
    save_state(path, state, run)
    with safe_open(path, "pt") as file:
        about = json.loads(file.metadata()[METADATA_KEY])
    about["run"]["model"]["local_start"] = about["run"]["model"].pop("local_attention_init")
    former = {f"model.{name}": f"model.{old}" for name, old in FORMER_NAMES.items()}
    tensors = {former.get(name, name): tensor for name, tensor in load_file(path).items()}
    save_file(tensors, path, {METADATA_KEY: json.dumps(about)})
    again = load_state(path, config, device, run).model.state_dict()
    assert all(torch.equal(again[name], tensor) for name, tensor in state.model.state_dict().items())


def test_a_checkpoint_may_be_read_by_whom_any_new_file_may_be(saved: Path) -> None:
    other = saved.with_name("other file")
    other.touch()
    assert saved.stat().st_mode == other.stat().st_mode


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="there is no checkpoint"):
        load_checkpoint(tmp_path / "nothing.safetensors")


@pytest.mark.parametrize("size", [0, 5, 100, -1])
def test_truncated(saved: Path, size: int) -> None:
    saved.write_bytes(saved.read_bytes()[:size])
    with pytest.raises(WeightsError, match="cannot read the checkpoint"):
        load_checkpoint(saved)


def test_foreign(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    path.write_text("these are no weights " * 20)
    with pytest.raises(WeightsError, match="cannot read"):
        load_checkpoint(path)
    save_file({"weight": torch.zeros(2)}, path)
    with pytest.raises(WeightsError, match="no checkpoint of trailergen"):
        load_checkpoint(path)
    with pytest.raises(WeightsError, match="cannot read"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize(
    ("about", "message"),
    [
        (description(format="trailergen.ssmp/2"), "format"),
        (description(config={"width": 7}), "describes its model badly"),
        (description(config={"depth": 7}), "describes its model badly"),
        (description(config={"width": "wide"}), "describes its model badly"),
        (description(training=3), "describes its model badly"),
        ({"format": "trailergen.ssmp/1"}, "describes its model badly"),
        (description(config={"feature_dim": 6, "width": 8, "layers": 2, "heads": 2, "ffn": 12}), "do not fit"),
    ],
)
def test_bad_descriptions(saved: Path, about: dict[str, object], message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        load_checkpoint(rewritten(saved, about))


def test_weights_that_diverged(tmp_path: Path) -> None:
    model = SSMP(CONFIG)
    with torch.no_grad():
        model.mask_placeholder[0] = float("nan")
    save_checkpoint(tmp_path / "model.safetensors", model, "builtin-1")
    with pytest.raises(WeightsError, match="not finite"):
        load_checkpoint(tmp_path / "model.safetensors")


def test_feature_space_mismatch_names_both(saved: Path) -> None:
    _, info = load_checkpoint(saved)
    require_feature_space(info, "builtin-1", saved)
    with pytest.raises(WeightsError) as raised:
        require_feature_space(info, "imagebind-1", saved)
    assert "'builtin-1'" in str(raised.value) and "'imagebind-1'" in str(raised.value)


def test_unwritable(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        save_checkpoint(tmp_path / "no" / "model.safetensors", SSMP(CONFIG), "builtin-1")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="cannot write"):
        save_checkpoint(tmp_path / "taken", SSMP(CONFIG), "builtin-1")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
