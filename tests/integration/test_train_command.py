"""`trailergen train`: the paper's experiment from the command line, and an interruption that leaves no trace."""

from __future__ import annotations

import csv
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from test_dataset import cmtd, film

from trailergen.__main__ import main
from trailergen.errors import InputError, UsageError
from trailergen.settings.training import TrainingSettings
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.ssmp.masking import Random, SelfPaced
from trailergen.ssmp.model import ModelConfig
from trailergen.ssmp.positions import POSITION_DIM
from trailergen.ssmp.spaces import GEOMETRY_2
from trailergen.training.accelerator import SingleProcess
from trailergen.training.batches import Example, epochs
from trailergen.training.config import TrainConfig
from trailergen.training.dataset import Dataset, write_dataset
from trailergen.training.examples import examples_of
from trailergen.training.learning_curves import draw, write_table
from trailergen.training.loop import LearningCurves, TrainState, step, train
from trailergen.training.setup import mask_schedule, model_config
from trailergen.training.state import load_state, save_state

SMALL = ("--width", 16, "--layers", 1, "--heads", 2, "--ffn", 16, "--device", "cpu", "--progress", "none")
MODEL = ModelConfig(feature_dim=16, width=16, layers=1, heads=2, ffn=16, logit_scale=10.0)
CONFIG = TrainConfig(MODEL, steps=6, learning_rate=3e-3)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three films, four trailers each of which has labels or not."""
    write_dataset(tmp_path / "set", "builtin-1", [film(0), film(1, shots=20)])
    return tmp_path / "set"


def run(*arguments: object) -> int:
    return main(["train", *map(str, (*arguments, *SMALL))])


def test_one_epoch_on_the_authors_layout(tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    assert run(cmtd(tmp_path / "cmtd"), "-o", output, "--epochs", 1, "--batch", 3) == 0
    model, info = load_checkpoint(output)
    assert info.feature_space == "imagebind-1"
    assert (model.config.feature_dim, info.training["films"], info.training["trailers"]) == (1024, 3, 4)
    assert info.training["learning_rate"] == 1e-4
    assert info.training["schedule"]["mu_a"] == 0.98
    table = list(csv.DictReader((tmp_path / "model.curves.csv").read_text().splitlines()))
    assert [row["step"] for row in table] == ["1", "2"]
    assert not (tmp_path / "model.state.safetensors").exists()


def test_the_defaults_are_the_papers() -> None:
    settings, paper = TrainingSettings(), TrainConfig(ModelConfig(), steps=1)
    assert TrainConfig(ModelConfig(), 1, **asdict(settings.optimizer), loss=settings.objective.loss) == paper
    assert model_config(settings.model, 1024) == ModelConfig()
    assert mask_schedule(settings.objective, 1, 0) == SelfPaced()
    assert (settings.data.epochs, settings.data.batch, settings.data.channels) == (500, 5, "none")


@pytest.mark.parametrize("schedule", ["self-paced", "random", "increasing", "decreasing"])
def test_schedules(folder: Path, tmp_path: Path, schedule: str) -> None:
    options = ("--schedule", schedule, "--t-min", 0.2, "--t-max", 0.9, "--no-monotone", "--loss", "mse")
    assert run(folder, "-o", tmp_path / "m.safetensors", "--epochs", 5, "--batch", 2, *options) == 0
    ratios = [float(row["ratio"]) for row in csv.DictReader((tmp_path / "m.curves.csv").read_text().splitlines())]
    assert len(ratios) == 10
    assert all(0.2 <= ratio < 0.9001 for ratio in ratios)
    expected = {
        "self-paced": ratios[0] == 0.2,
        "random": len(set(ratios)) == 10,
        "increasing": ratios == sorted(ratios) and (ratios[0], ratios[-1]) == (0.2, pytest.approx(0.9)),
        "decreasing": ratios == sorted(ratios, reverse=True) and ratios[0] == 0.9,
    }
    assert expected[schedule]


def test_context_channels_make_a_checkpoint_for_every_encoder(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "m.safetensors"
    assert run(folder, "-o", output, "--epochs", 1, "--channels", "context", "--labels", "paper") == 0
    _, info = load_checkpoint(output)
    assert (info.feature_space, info.config.feature_dim) == (GEOMETRY_2.name, GEOMETRY_2.dim)
    assert info.config.position_dim == POSITION_DIM


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--width", 18, "--heads", 4), 2, "not a multiple"),
        (("--t-min", 0.5, "--t-max", 0.4), 2, "--t-min 0.5 is above"),
        (("--labels", "stored"), 2, "stores no labels"),
        (("-o", "model.pt"), 2, "must end in .safetensors"),
        (("-o", "nowhere/model.safetensors"), 2, "no folder"),
    ],
)
def test_what_cannot_be_meant_is_said(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], options: tuple[object, ...], code: int, said: str
) -> None:
    fixed = [*map(str, SMALL), "--epochs", "1", "-o", str(tmp_path / "m.safetensors")]
    assert main(["train", str(folder), *fixed, *map(str, options)]) == code
    assert said in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ""] == []


def test_a_training_that_diverges_stops(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_dataset(folder, "builtin-1", [replace(film(), features=film().features * np.float32(1e25))])
    assert run(folder, "-o", tmp_path / "m.safetensors", "--epochs", 9, "--loss", "mse") == 2
    assert "the training diverged at step 1" in capfd.readouterr().err
    assert not (tmp_path / "m.safetensors").exists()


def test_a_missing_dataset_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "none", "-o", tmp_path / "m.safetensors") == 3
    assert f"there is no dataset {tmp_path / 'none'}" in capfd.readouterr().err


def test_a_checkpoint_is_replaced_only_when_told(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "m.safetensors"
    output.write_text("mine")
    assert run(folder, "-o", output, "--epochs", 1) == 2
    assert "exists" in capfd.readouterr().err
    assert output.read_text() == "mine"
    assert run(folder, "-o", output, "--epochs", 1, "--force") == 0
    load_checkpoint(output)


@pytest.fixture
def precision() -> str:
    return "auto"


@pytest.fixture
def left_over(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, precision: str) -> Path:
    """The checkpoint that a run was to write which was interrupted after 4 of 6 steps, its state saved after 3."""

    def interrupted(
        config: TrainConfig, batches: Any, accelerator: Any, on_step: Any, state: TrainState | None
    ) -> TrainState:
        def watched(now: TrainState) -> None:
            on_step(now)
            if len(now.curves.loss) == 4:
                raise KeyboardInterrupt

        return train(config, batches, accelerator, watched, state)

    output = tmp_path / "m.safetensors"
    with monkeypatch.context() as patch:
        patch.setattr("trailergen.training.run.train", interrupted)
        assert run(folder, "-o", output, "--epochs", 6, "--save-every", 3, "--precision", precision) == 130
    assert (tmp_path / "m.state.safetensors").exists()
    return output


@pytest.mark.parametrize("precision", ["auto", "bf16"])
def test_a_run_taken_up_equals_one_that_was_not_interrupted(
    folder: Path, left_over: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], precision: str
) -> None:
    same = ("--epochs", 6, "--save-every", 3, "--precision", precision)
    again = [str(part) for part in (folder, "-o", left_over, *same, *SMALL[:-1], "plain")]
    assert main(["train", *again]) == 0
    assert "going on after step 3 of 6" in capfd.readouterr().err
    assert not (tmp_path / "m.state.safetensors").exists()
    (tmp_path / "whole").mkdir()
    assert run(folder, "-o", tmp_path / "whole" / "m.safetensors", *same) == 0
    for name in ("m.safetensors", "m.curves.csv"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_an_interruption_says_how_to_go_on(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trailergen.training.run.train", interrupted)
    assert run(folder, "-o", tmp_path / "m.safetensors") == 130
    assert "interrupted; run the same command again" in capfd.readouterr().err


def test_the_state_of_another_run_is_not_taken_up(
    folder: Path, left_over: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = left_over
    assert run(folder, "-o", output, "--epochs", 6, "--learning-rate", 0.01, "--mu-a", 0.5) == 2
    said = capfd.readouterr().err
    assert "m.state.safetensors is left from another training" in said
    assert "learning_rate was 0.0001, is 0.01" in said
    assert "schedule.mu_a was 0.98, is 0.5" in said
    write_dataset(folder, "builtin-1", [film(5), film(1, shots=20)])
    assert run(folder, "-o", output, "--epochs", 6) == 2
    assert "data_sha256 was" in capfd.readouterr().err
    assert run(folder, "-o", output, "--epochs", 6, "--no-resume") == 0
    assert not (tmp_path / "m.state.safetensors").exists()


@pytest.mark.parametrize("content", [b"", b"no state", None])
def test_a_damaged_state_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "m.state.safetensors"
    state = TrainState.start(CONFIG, torch.device("cpu"))
    save_state(path, state, {})
    path.write_bytes(path.read_bytes()[:-8] if content is None else content)
    with pytest.raises(InputError, match="cannot go on from") as error:
        load_state(path, CONFIG, torch.device("cpu"), {})
    assert "--no-resume" in (error.value.hint or "")


def test_a_state_for_a_model_of_another_size_is_said(tmp_path: Path) -> None:
    path = tmp_path / "m.state.safetensors"
    save_state(path, TrainState.start(CONFIG, torch.device("cpu")), {})
    with pytest.raises(InputError, match="cannot go on from"):
        load_state(path, replace(CONFIG, model=replace(MODEL, width=32)), torch.device("cpu"), {})
    with pytest.raises(UsageError, match="another training"):
        load_state(path, CONFIG, torch.device("cpu"), {"steps": 7})


def pairs() -> list[Example]:
    return examples_of(Dataset("x", (film(0), film(1, shots=20), film(2, shots=10))))


def test_a_batch_shared_out_is_the_batch() -> None:
    """Two processes, one after the other: their gradients' mean and their sums are those of one."""

    class Share(SingleProcess):
        def __init__(self, rank: int, world_size: int) -> None:
            super().__init__()
            self.rank, self.world_size = rank, world_size
            self.sums: list[torch.Tensor] = []

        def all_reduce(self, values: torch.Tensor) -> torch.Tensor:
            self.sums.append(values)
            return values

    for loss in ("ce", "mse"):
        # No clipping, which depends on the length of the whole gradient.
        config = replace(CONFIG, loss=loss, clip=1e9, schedule=Random(0))
        for processes, count in ((2, 5), (4, 3)):
            examples = epochs(pairs(), count, seed=0)(0)
            gradients, sums = [], []
            for accelerator in (Share(0, 1), *(Share(rank, processes) for rank in range(processes))):
                state = TrainState.start(config, accelerator.device)
                step(config, state, examples, accelerator)
                gradients.append(state.model.mask_placeholder.grad)
                sums.append(accelerator.sums[0])
            torch.testing.assert_close(torch.stack(gradients[1:]).mean(dim=0), gradients[0])
            torch.testing.assert_close(torch.stack(sums[1:]).sum(dim=0), sums[0])


def test_the_squared_error_can_be_trained_on() -> None:
    config = replace(CONFIG, steps=60, loss="mse", schedule=Random(0))
    examples = pairs()
    state = train(config, epochs(examples, 2, seed=0))
    assert np.mean(state.curves.loss[-10:]) < np.mean(state.curves.loss[:10])


def curves() -> LearningCurves:
    steps = np.arange(1, 201)
    return LearningCurves((50 / steps).tolist(), (steps / 250).tolist(), (0.1 + steps / 300).tolist())


def test_the_table_holds_every_step(tmp_path: Path) -> None:
    write_table(tmp_path / "c.csv", curves())
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text().splitlines()))
    assert [float(row["loss"]) for row in rows] == curves().loss
    assert [float(row["ratio"]) for row in rows] == curves().ratio


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert draw(tmp_path / "c.png", curves())
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert draw(tmp_path / "one.png", LearningCurves([1.0], [0.0], [0.1]))


def test_tensorboard_reads_the_log_across_an_interruption(folder: Path, left_over: Path, tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    assert run(folder, "-o", left_over, "--epochs", 6, "--save-every", 3) == 0
    events = accumulator.EventAccumulator(str(tmp_path / "m.curves"))
    events.Reload()
    rows = list(csv.DictReader((tmp_path / "m.curves.csv").read_text().splitlines()))
    for name in ("loss", "accuracy", "ratio"):
        scalars = events.Scalars(f"train/{name}")
        assert [scalar.step for scalar in scalars] == [int(row["step"]) for row in rows]
        np.testing.assert_allclose([scalar.value for scalar in scalars], [float(row[name]) for row in rows], rtol=1e-6)


def test_without_the_extra_the_table_is_written_and_said(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trailergen.training.learning_curves.find_spec", lambda name: None)
    plain = [str(part) for part in (folder, "-o", tmp_path / "m.safetensors", "--epochs", 1, *SMALL[:-1], "plain")]
    assert main(["train", *plain]) == 0
    assert "pip install 'trailergen[train]'" in capfd.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"set", "m.safetensors", "m.curves.csv"}
