"""An analysis that was interrupted and begun again finds what one without interruption finds, bit for bit."""

from __future__ import annotations

import subprocess
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from trailergen.errors import OutputError
from trailergen.media.probe import probe_film
from trailergen.runtime.cache import Entry, StageCache
from trailergen.session import Session
from trailergen.shots import stored
from trailergen.shots.analysis import FilmAnalysis, analyse_film
from trailergen.shots.efficientnet import Activations
from trailergen.shots.memo import KeptMemo, Memo
from trailergen.shots.networks import Networks, load_networks
from trailergen.shots.transnet import RememberedStream, RowQueue
from trailergen.shots.transnet_float32 import float32_stream
from trailergen.shots.transnet_int8 import int8_stream, supports_int8
from trailergen.stages import find_shots

PUSH = 64
STREAMS = {"float32": float32_stream} | ({"int8": int8_stream} if supports_int8("cpu") else {})


class Interrupted(Exception):
    """What ends an analysis."""


@pytest.fixture(scope="module")
def networks() -> Networks:
    return load_networks()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen seconds: eight scenes, with a rising tone."""
    path = tmp_path_factory.mktemp("resumed") / "film.mp4"
    sources = ["testsrc", "mandelbrot", "smptebars", "testsrc2", "rgbtestsrc", "cellauto", "life", "gradients=seed=4"]
    inputs = [
        part
        for source in sources
        for part in ("-f", "lavfi", "-t", "2", "-i", f"{source}{'=' if '=' not in source else ':'}s=160x90:r=25")
    ]
    scaled = "".join(f"[{k}:v]scale=160:90,setsar=1,format=yuv420p[v{k}];" for k in range(len(sources)))
    joined = f"{scaled}{''.join(f'[v{k}]' for k in range(len(sources)))}concat=n={len(sources)}[v]"
    sound = ["-f", "lavfi", "-t", "16", "-i", "aevalsrc=0.3*sin(t*t*60)"]
    command = ["ffmpeg", "-v", "error", *inputs, *sound, "-filter_complex", joined, "-map", "[v]"]
    subprocess.run([*command, "-map", f"{len(sources)}:a", "-c:v", "libx264", str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def whole(film: Path, networks: Networks) -> dict[str, np.ndarray]:
    return arrays(analyse_film(probe_film(film), networks=networks))


def arrays(analysis: FilmAnalysis) -> dict[str, np.ndarray]:
    return stored.to_entry(analysis).arrays


def interrupt(film: Path, networks: Networks, memo: KeptMemo, after: float) -> None:
    """Analyse until so many seconds are decoded."""
    left = after

    def tick(seconds: float) -> None:
        nonlocal left
        left -= seconds
        if left < 0:
            raise Interrupted

    with pytest.raises(Interrupted):
        analyse_film(probe_film(film), "cpu", tick, None, networks, memo)


@pytest.mark.parametrize("after", [[3.0], [7.0, 13.0]])
def test_an_interrupted_analysis_ends_as_one_that_was_not(
    after: list[float], film: Path, networks: Networks, whole: dict[str, np.ndarray], tmp_path: Path
) -> None:
    for seconds in after:
        interrupt(film, networks, KeptMemo(StageCache(tmp_path), "part", 0), seconds)
    found = arrays(analyse_film(probe_film(film), networks=networks, memo=KeptMemo(StageCache(tmp_path), "part", 0)))
    assert {name for name in whole if not np.array_equal(whole[name], found[name])} == set()


def test_what_is_known_is_not_computed_again(film: Path, networks: Networks, tmp_path: Path) -> None:
    class Counting:
        pictures = 0

        def embed(self, pictures: np.ndarray) -> Activations:
            self.pictures += len(pictures)
            return networks.efficientnet.embed(pictures)

    counts = []
    for _ in range(2):
        counting = Counting()
        counted = replace(networks, efficientnet=counting)  # type: ignore[arg-type]
        memo = KeptMemo(StageCache(tmp_path), "part", 0)
        analyse_film(probe_film(film), networks=counted, memo=memo)
        memo.keep(at_once=True)
        counts.append(counting.pictures)
    assert counts[0] > 8 and counts[1] == 0


@pytest.mark.parametrize("kind", STREAMS)
def test_a_stream_goes_on_from_any_push(kind: str, networks: Networks) -> None:
    rng = np.random.default_rng(3)
    frames = torch.from_numpy(rng.integers(0, 256, (10 * PUSH + 20, 27, 48, 3)).astype(np.uint8))

    def push(memo: Memo, pushes: int) -> torch.Tensor:
        with closing(RememberedStream(lambda: STREAMS[kind](networks.transnet), memo, PUSH)) as stream:
            parts = frames.split(PUSH)[:pushes]
            return torch.cat([stream.push(part, last=len(part) < PUSH) for part in parts])

    expected = push(Memo(), 11)
    assert len(expected) == len(frames)
    for known in (2, 9):
        memo = Memo()
        push(memo, known)
        assert torch.equal(push(memo, 11), expected)


def test_a_queue_keeps_the_order_of_rows_that_one_thread_puts_and_another_takes() -> None:
    """Blocks of the network are ahead of each other: rows that were mixed up would move all that follows."""
    queue, count = RowQueue(), 3000
    rows = torch.arange(count * 8).reshape(count, 8, 1).expand(-1, -1, 500)
    put = [threading.Semaphore(0)]

    def fill() -> None:
        for each in rows:
            queue.put(each.contiguous())
            put[0].release()

    thread = threading.Thread(target=fill)
    thread.start()
    taken = []
    for _ in range(count):
        put[0].acquire()
        taken.append(queue.take(8)[:, 0].clone())
    thread.join()
    assert torch.equal(torch.cat(taken), torch.arange(count * 8))


def test_a_memo_goes_through_the_cache(tmp_path: Path) -> None:
    memo = KeptMemo(StageCache(tmp_path), "part", 0)
    one, two = np.arange(3), np.arange(4.0)
    assert memo.result((one, two), lambda: (two, one))[0] is not two
    memo.keep()
    again = KeptMemo(StageCache(tmp_path), "part")
    found = again.result((one, two), lambda: pytest.fail("computed"))
    assert np.array_equal(found[0], two) and np.array_equal(found[1], one)
    assert len(again.result((two, one), lambda: (one,))) == 1
    again.discard()
    assert KeptMemo(StageCache(tmp_path), "part").entry() == Entry({}, {})


def test_a_memo_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OutputError("the disk is full")

    memo = KeptMemo(StageCache(tmp_path), "part", 0)
    monkeypatch.setattr(StageCache, "store", full)
    memo.keep()


def test_a_finished_stage_leaves_no_memo(film: Path, tmp_path: Path) -> None:
    session = Session(cache=StageCache(tmp_path))
    find_shots(session, film)
    assert list((tmp_path / "stages").glob("shots-*")) and not list((tmp_path / "stages").glob("*unfinished*"))
