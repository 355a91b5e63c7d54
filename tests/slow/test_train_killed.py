"""A training that is killed leaves no trace, and one by several processes is that of one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from test_dataset import film

from trailergen.__main__ import main
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.training.dataset import write_dataset

SMALL = ("--width", 16, "--layers", 1, "--heads", 2, "--ffn", 16, "--device", "cpu", "--progress", "none")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three films, four trailers each of which has labels or not."""
    write_dataset(tmp_path / "set", "builtin-1", [film(0), film(1, shots=20)])
    return tmp_path / "set"


KILLED = """
import os, signal, sys
import torch
import trailergen.training.run as run
from trailergen.__main__ import main

torch.set_num_threads(1)
at, moment = int(sys.argv[1]), sys.argv[2]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
steps = 0

if moment == "step":
    train = run.train
    def killed(config, batches, accelerator, on_step, state):
        def watched(state):
            on_step(state)
            if len(state.curves.loss) == at:
                die()
        return train(config, batches, accelerator, watched, state)
    run.train = killed
else:  # while the state is written
    replace, saves = os.replace, 0
    def killed(source, target):
        global saves
        saves += ".state" in str(target)
        if saves == at:
            die()
        replace(source, target)
    os.replace = killed
main(sys.argv[3:])
"""


@pytest.mark.parametrize(("at", "moment"), [(2, "step"), (7, "step"), (9, "step"), (12, "step"), (2, "save")])
def test_a_run_killed_and_taken_up_equals_one_that_was_not(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], at: int, moment: str
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    options = ("--epochs", 6, "--batch", 2, "--save-every", 3, "--channels", "context", "--learning-rate", 0.01)
    commands = []
    for place in (whole, broken):
        place.mkdir()
        commands.append([str(part) for part in (folder, "-o", place / "m.safetensors", *options, *SMALL)])
    assert main(["train", *commands[0]]) == 0
    process = subprocess.run(
        [sys.executable, "-c", KILLED, str(at), moment, "train", *commands[1]], capture_output=True, text=True
    )
    assert process.returncode == -signal.SIGKILL, process.stderr
    assert not (broken / "m.safetensors").exists()
    capfd.readouterr()
    again = [part if part != "none" else "plain" for part in commands[1][:-1]] + ["plain"]
    assert main(["train", *again]) == 0
    # The last save before the kill: every three steps; a kill within a save leaves the one before it.
    saved = {2: 0, 7: 6, 9: 9, 12: 9}[at] if moment == "step" else 3
    said = capfd.readouterr().err
    assert (f"going on after step {saved} of 12" in said) == (saved > 0)
    for name in ("m.safetensors", "m.curves.csv"):
        assert (broken / name).read_bytes() == (whole / name).read_bytes()
    assert not (broken / "m.state.safetensors").exists()


def torchrun(processes: int, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [*launcher, "-m", "trailergen", "train", *arguments], capture_output=True, text=True, env=environment
    )


@pytest.mark.slow
def test_two_processes_train_what_one_does(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("lightning_fabric")
    options = ("--epochs", 4, "--batch", 3, "--learning-rate", 0.001)
    commands = {
        name: [str(part) for part in (folder, "-o", tmp_path / name, *options, *SMALL)]
        for name in ("one.safetensors", "two.safetensors")
    }
    assert main(["train", *commands["one.safetensors"]]) == 0
    process = torchrun(2, commands["two.safetensors"])
    assert process.returncode == 0, process.stderr
    assert process.stdout.count("two.safetensors") == 1
    one, two = (load_checkpoint(tmp_path / name)[0].state_dict() for name in commands)
    for name in one:
        torch.testing.assert_close(two[name], one[name], rtol=1e-3, atol=1e-5)
