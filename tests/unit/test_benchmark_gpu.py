"""The GPU benchmark's own machinery: time, results kept, and a rehearsal of everything on the CPU."""

from __future__ import annotations

import json
import sys
import time
import traceback
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.gpu import results as r  # noqa: E402
from benchmarks.gpu.parts import PARTS, PROTOCOL, Part, Setting  # noqa: E402
from benchmarks.gpu.run import Answer, Budget, Worker, answer, run  # noqa: E402
from benchmarks.gpu.speed import operations  # noqa: E402
from trailergen.ssmp.model import ModelConfig  # noqa: E402

ROW = {"what": "it", "found": "1", "expected": "1", "ok": True, "figures": {}}


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting("cpu", True, tmp_path, 0.0, tmp_path)


def part(name: str, most: float = 30, least: float = 5) -> Part:
    return Part(name, "limits:matrix_products", most, least)


def test_a_part_gets_its_share_and_the_protocol_what_is_left() -> None:
    budget = Budget(until=100, reserve=40, clock=lambda: 20)
    assert budget.share(part("a")) == 30
    assert budget.share(part("b", most=60)) == 35
    assert budget.share(part("c", least=36, most=60)) == 0
    assert budget.share(part(PROTOCOL, most=1000)) == 75


def test_parts_are_kept_as_they_are_done_and_not_done_again(tmp_path: Path, setting: Setting) -> None:
    path, asked = tmp_path / "out" / "results.json", list[str]()
    states = {"a": (r.DONE, [ROW], ""), "b": (r.FAILED, [], "Traceback\nno|luck"), "c": (r.DONE, [ROW], "")}

    def ask(one: Part, _: Setting, seconds: float) -> Answer:
        asked.append(one.name)
        assert list(json.loads(path.read_text())["parts"]) == [*states][: len(asked) - 1]
        return states[one.name]

    results = r.Results.open(path)
    results.write()
    run([part(name) for name in states], setting, results, Budget(time.time() + 100), ask)
    assert asked == ["a", "b", "c"] and results.failed() == []

    again = r.Results.open(path)
    run([part(name) for name in states], setting, again, Budget(time.time() + 100), lambda *_: states["c"])
    assert again.finished("b") and "| b | it | 1 | 1 | yes |" in path.with_suffix(".md").read_text()
    run([part("late")], setting, again, Budget(time.time() + 5), ask)
    assert "| late | not run | no time was left for it |" in again.table()


def test_a_check_that_fails_or_finds_a_difference_fails_the_run(tmp_path: Path) -> None:
    results = r.Results(tmp_path / "results.json")
    results.put("figure", r.FAILED, reason="no card")
    results.put("check", r.FAILED, reason="out of memory\nin | here", check=True)
    results.put("wrong", r.DONE, rows=[ROW | {"ok": False}], check=True)
    results.put("hanging", r.LATE, check=True)
    results.put("later", r.NOT_RUN, check=True)
    assert results.failed() == ["check", "wrong", "hanging"]
    assert "| check | failed | out of memory in / here |" in results.table()
    assert not results.finished("wrong")
    results.put("empty", r.DONE, rows=[ROW | {"figures": {"aa": [float("nan"), 1.0]}}])
    stored = json.loads(results.path.read_text())["parts"]["empty"]["rows"][0]["figures"]
    assert stored == {"aa": [None, 1.0]}


def test_the_table_tells_an_exception_in_one_line(tmp_path: Path) -> None:
    def caught() -> str:
        try:
            try:
                {}["first"]
            except KeyError as error:
                raise RuntimeError("no such | kernel\n\nSet VERBOSE=1 for more\n  or less") from error
        except RuntimeError:
            return traceback.format_exc()

    results = r.Results(tmp_path / "results.json")
    results.put("broken", r.FAILED, 2.0, reason=caught())
    assert "| broken | failed | RuntimeError: no such / kernel | | | 2.0 |" in results.table().splitlines()
    assert "in caught" in r.Results.open(results.path).parts["broken"]["reason"]  # where it happened is kept
    assert r.told("ended after 40 s") == "ended after 40 s"


def test_the_published_table_is_that_of_the_published_figures() -> None:
    folder = ROOT / "benchmarks" / "gpu"
    assert r.Results.open(folder / "RESULTS.json").table() in (folder / "RESULTS.md").read_text(encoding="utf-8")


def test_an_exception_is_the_reason(setting: Setting) -> None:
    state, rows, reason = answer(Part("none", "limits:no_such_thing", 10), setting)
    assert state == r.FAILED and not rows and "no_such_thing" in reason


def test_a_part_that_hangs_is_ended_and_the_next_one_runs(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.gpu.run._GRACE", 0.0)
    worker = Worker()
    try:
        assert worker.ask(part("slow to start"), setting, 0.01)[0] == r.LATE
        state, rows, reason = worker.ask(part("matrix products"), setting, 60)
    finally:
        worker.end()
    assert (state, reason) == (r.DONE, "") and rows[0]["figures"]["flop_per_s"] > 0


def test_every_part_names_a_function() -> None:
    for one in PARTS:
        module, _, function = one.work.partition(":")
        assert f"def {function}(" in (ROOT / "benchmarks" / "gpu" / f"{module}.py").read_text()
    assert len({one.name for one in PARTS}) == len(PARTS) and PARTS[-1].name == PROTOCOL


def test_operations_of_the_papers_step() -> None:
    """Multiplications and additions of every product, counted one matrix at a time."""
    model = ModelConfig(feature_dim=8, width=8, layers=2, heads=2, ffn=16)
    tokens, batch = 12, 3
    products = [(tokens, 8, 24), (tokens, 8, 8), (tokens, 8, 16), (tokens, 16, 8)]
    products += [(tokens, 4, tokens), (tokens, tokens, 4)] * model.heads
    block = sum(2 * a * b * c for a, b, c in products)
    assert operations(model, batch, 10, 2) == batch * (3 * model.layers * block + 2 * 2 * 2 * 8 * 10)
    assert operations(ModelConfig(), 5, 2000, 100) == pytest.approx(3.2e12, rel=0.1)


def test_wheels_are_packed_smaller_and_stay_wheels(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from benchmarks.gpu.wheels import _pack

    weights, wheel = tmp_path / "weights.pth", tmp_path / "it-1.whl"
    torch.save({"a": torch.full((1000,), 1.001), "n": torch.tensor(3)}, weights)
    with zipfile.ZipFile(wheel, "w") as made:
        made.write(weights, "it/weights.pth")
        made.writestr("it/__init__.py", "x = 1\n")
        made.writestr("tests/film.mp4", b"0" * 1000)
    (tmp_path / "packed").mkdir()
    _pack(wheel, tmp_path / "packed" / wheel.name)
    with zipfile.ZipFile(tmp_path / "packed" / wheel.name) as packed:
        assert packed.namelist() == ["it/weights.pth", "it/__init__.py"]
        packed.extract("it/weights.pth", tmp_path)
    state = torch.load(tmp_path / "it" / "weights.pth", weights_only=True)
    assert state["a"].dtype is torch.float32 and float(state["a"][7]) == 1.0 and state["n"].dtype is torch.int64
