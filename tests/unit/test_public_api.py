"""What ``import trailergen`` costs, gives and leaves alone."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import trailergen as tg
from trailergen.session import Session

_CHECK = """
import os, signal, sys, threading, random
before = (os.environ.copy(), os.umask(0o027), signal.getsignal(signal.SIGTERM), threading.active_count(), sys.path[:])
import trailergen
heavy = {"torch", "numpy", "av", "typer", "pydantic", "rich"} & set(sys.modules)
assert not heavy, heavy
mask = os.umask(0o022)
assert mask == 0o027, oct(mask)
assert before[0] == os.environ and before[2] == signal.getsignal(signal.SIGTERM)
assert before[3] == threading.active_count() and before[4] == sys.path
"""


def test_to_import_it_loads_nothing_heavy_and_changes_nothing() -> None:
    subprocess.run([sys.executable, "-c", _CHECK], check=True)


def test_every_name_is_there_and_documented() -> None:
    assert set(tg.__all__) <= set(dir(tg))
    for name in set(tg.__all__) - {"__version__"}:
        found = getattr(tg, name)
        assert found.__doc__ and found.__module__.startswith("trailergen.")
    with pytest.raises(AttributeError, match="lenght"):
        tg.lenght  # noqa: B018


def test_no_module_of_the_package_hides_a_name() -> None:
    """``import trailergen.shots`` would put the module where a function of that name is."""
    folder = Path(tg.__file__).parent
    modules = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert not modules & set(tg.__all__)


def test_type_checkers_see_the_same_names() -> None:
    source = Path(tg.__file__).read_text()
    checked = source.partition("if TYPE_CHECKING:")[2].partition("__version__ ")[0]
    for name, module in tg._MODULES.items():
        assert f"from trailergen.{module} import" in checked and name in checked
        assert hasattr(importlib.import_module(f"trailergen.{module}"), name)
    assert set(tg._MODULES) == set(tg.__all__) - {"__version__"}


def test_a_session_tells_callbacks(tmp_path: Path) -> None:
    told: list[tuple[str, float, float | None]] = []
    notes: list[str] = []
    session = Session(tmp_path, on_progress=lambda *facts: told.append(facts), on_note=notes.append)
    with session.progress.stage("shots", 4) as tick:
        tick(1)
        tick(2)
    session.progress.note("the film has no bars to crop")
    assert told == [("shots", 0.0, 4), ("shots", 1.0, 4), ("shots", 3.0, 4), ("shots", 4, 4)]
    assert notes == ["the film has no bars to crop"]
    assert session.cache.root == tmp_path and list(tmp_path.iterdir()) == []


def test_notes_go_to_a_logger_by_default(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="trailergen"):
        Session(tmp_path).progress.note("the music lasts 9.5 s")
    assert caplog.messages == ["the music lasts 9.5 s"]


def test_threads_of_a_session_are_those_of_its_work_only(tmp_path: Path) -> None:
    import torch

    from trailergen.runtime.device import resolve_device
    from trailergen.runtime.threads import cores

    threads, all_cores = torch.get_num_threads(), cores()
    with Session(tmp_path, threads=1).limits():
        resolve_device(Session(tmp_path, device="cpu").device)
        assert (cores(), torch.get_num_threads()) == (1, 1)
    assert (cores(), torch.get_num_threads()) == (all_cores, threads)


def test_signatures_have_types() -> None:
    for name in tg.__all__:
        found = getattr(tg, name)
        if callable(found) and not isinstance(found, type):
            assert "return" in found.__annotations__, name
