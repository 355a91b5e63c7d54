"""A batch on a Ray cluster of two nodes on this machine, one of which is killed."""

from __future__ import annotations

import functools
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from trailergen.api.make import Request
from trailergen.batch.cluster import run_on_ray
from trailergen.batch.job import Job
from trailergen.batch.run import run_batch
from trailergen.errors import UsageError
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.machine import MachineSettings
from trailergen.settings.tree import Settings

pytestmark = pytest.mark.slow
FILMS = 4


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A head that runs nothing, and two nodes with room for a film each."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
    yield cluster, nodes
    cluster.shutdown()


def jobs(tmp_path: Path, examples: Path) -> list[Job]:
    made = []
    for number in range(FILMS):
        film = tmp_path / f"film {number}.mp4"
        copyfile(examples / "film.mp4", film)
        with film.open("ab") as file:
            file.write(b"\0\0\0\x08free" * (number + 1))  # the same pictures, another content
        target = tmp_path / "out" / f"{number}-trailer.mp4"
        settings = Settings.of(length=8, height=90, preset="ultrafast")
        machine = MachineSettings(cache_dir=tmp_path / "cache", threads=1)
        made.append(Job(str(number), Request(film, examples / "score.ogg", target, settings), machine))
    return made


def test_every_film_ends_once_though_a_node_is_lost(cluster: Any, tmp_path: Path, examples: Path) -> None:
    import ray

    cluster, nodes = cluster
    work = jobs(tmp_path, examples)
    summary = tmp_path / "out" / "batch" / "summary.json"
    summary.parent.mkdir(parents=True)
    killed: list[str] = []

    def kill() -> None:
        """In the middle of the second pair of films: once two ended and two are under way."""
        while _ended(summary) < 2 or not any(job.log.exists() for job in work[2:]):
            time.sleep(0.1)
        time.sleep(2)
        killed.extend(job.name for job in work if job.log.exists() and not job.target.exists())
        cluster.remove_node(nodes[0], allow_graceful=False)

    killer = threading.Thread(target=kill, daemon=True)
    ended: list[str] = []

    def execute(next_job: Any) -> Any:
        killer.start()
        for outcome in run_on_ray(next_job, cluster.address, cpus=1, gpus=0, limit=None):
            ended.append(outcome.job.name)
            yield outcome

    outcomes = run_batch(work, execute, summary, Progress(ProgressKind.none), keep_going=True)
    killer.join()
    assert not ray.is_initialized()
    assert killed, "the node was lost when nothing was under way: the test shows nothing"
    assert [outcome.status for outcome in outcomes] == ["made"] * FILMS, [outcome.error for outcome in outcomes]
    assert sorted(ended) == sorted(job.name for job in work)
    trailers = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*-trailer.mp4")}
    assert len(trailers) == FILMS
    # Resumed by the same rules: nothing is made again.
    local = functools.partial(run_on_ray, address=cluster.address, cpus=1, gpus=0, limit=1)
    again = run_batch(work, local, summary, Progress(ProgressKind.none))
    assert [outcome.status for outcome in again] == ["present"] * FILMS
    assert {path: path.stat().st_mtime_ns for path in trailers} == trailers


def _ended(summary: Path) -> int:
    return sum(film["status"] != "waiting" for film in json.loads(summary.read_text())["films"])


def test_no_cluster_is_one_clear_error() -> None:
    pytest.importorskip("ray")
    with pytest.raises(UsageError, match=r"no Ray cluster at 127\.0\.0\.1:1"):
        list(run_on_ray(lambda: None, "127.0.0.1:1", 1, 0, None))
