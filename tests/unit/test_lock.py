from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from trailergen.runtime import cache as caches
from trailergen.runtime.cache import Entry, StageCache, atomic_output
from trailergen.runtime.lock import alone

COUNT = """
import sys
from pathlib import Path
from trailergen.runtime.lock import alone
number = Path(sys.argv[2])
for _ in range(200):
    with alone(Path(sys.argv[1])):
        number.write_text(str(int(number.read_text()) + 1))
"""


def test_processes_come_one_after_another_and_leave_nothing(tmp_path: Path) -> None:
    lock, number = tmp_path / ".x.lock", tmp_path / "number"
    number.write_text("0")
    running = [subprocess.Popen([sys.executable, "-c", COUNT, str(lock), str(number)]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert number.read_text() == "800"
    assert not lock.exists()


def test_who_waits_is_told_once(tmp_path: Path) -> None:
    lock, told, order = tmp_path / ".x.lock", threading.Event(), []

    def second() -> None:
        with alone(lock, told.set):
            order.append("second")

    with alone(lock):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert told.wait(10)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
    assert not lock.exists()


def test_who_will_not_wait_goes_on_at_once(tmp_path: Path) -> None:
    class OthersError(Exception):
        pass

    def refuse() -> None:
        raise OthersError

    with alone(tmp_path / "lock"):
        with pytest.raises(OthersError), alone(tmp_path / "lock", refuse):
            raise AssertionError
        assert (tmp_path / "lock").exists()
    assert not (tmp_path / "lock").exists()


def test_a_lock_of_a_killed_process_hinders_nobody(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    with alone(tmp_path / "lock"):
        pass
    assert not (tmp_path / "lock").exists()


@pytest.mark.parametrize("place", ["missing/lock", "x" * 300, "folder"])
def test_what_cannot_be_locked_is_done_all_the_same(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    done = False
    with alone(tmp_path / place):
        done = True
    assert done
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_lock_that_somebody_removes_is_no_error(tmp_path: Path) -> None:
    with alone(tmp_path / "lock"):
        (tmp_path / "lock").unlink()
        (tmp_path / "lock").write_text("another's")
    assert (tmp_path / "lock").read_text() == "another's"


def test_two_that_need_the_same_stage_compute_it_once(tmp_path: Path) -> None:
    """The second takes what the first has made."""
    cache, begun, going_on, made, told = StageCache(tmp_path), threading.Event(), threading.Event(), [], []

    def make() -> Entry:
        made.append(1)
        begun.set()
        assert going_on.wait(10)
        return Entry({"number": len(made)}, {})

    found: list[Entry] = []
    first = threading.Thread(target=lambda: found.append(cache.result("shots-1", make)))
    first.start()
    assert begun.wait(10)
    waits = threading.Event()
    second = threading.Thread(
        target=lambda: found.append(StageCache(tmp_path).result("shots-1", make, lambda: (told.append(1), waits.set())))
    )
    second.start()
    assert waits.wait(10)
    going_on.set()
    first.join(10)
    second.join(10)
    assert [entry.facts["number"] for entry in found] == [1, 1]
    assert (made, told) == ([1], [1])
    assert [path.name for path in (tmp_path / "stages").iterdir()] == ["shots-1.safetensors"]


def test_a_temporary_file_that_vanishes_while_one_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process makes it its result between the listing and the question how old it is."""
    monkeypatch.setattr(caches, "_ABANDONED_S", -1)
    (tmp_path / ".cut-1.txt").symlink_to("nowhere")
    with atomic_output(tmp_path / "cut.txt") as temporary:
        temporary.write_text("whole")
    assert (tmp_path / "cut.txt").read_text() == "whole"
