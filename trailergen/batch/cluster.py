"""The films of a batch on a Ray cluster: one task per film, begun again where its node is lost."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

from trailergen.batch.job import Job, Outcome, Status, work
from trailergen.errors import UsageError
from trailergen.runtime.models import Models

_RETRIES = 3
_CONNECT_S = 10

# Ray runs many tasks in one worker process; this is that process's.
_MODELS = Models()


def run_on_ray(
    next_job: Callable[[], Job | None], address: str, cpus: float, gpus: float, limit: int | None
) -> Iterator[Outcome]:
    """Make films on a cluster; outcomes come in the order in which films end.

    A task whose node or process is lost begins again elsewhere, three times at most: stages that it had finished are
    found in the cache, if that is on storage that the nodes share.

    Args:
        next_job: is asked whenever there is room; None for nothing more at present.
        address: of the cluster, as Ray writes it: ``auto``, ``HOST:PORT``, ``ray://HOST:PORT``.
        cpus, gpus: what one film asks for; fractions of a GPU share it.
        limit: how many films at once; None for as many as the cluster has room for.

    Raises:
        UsageError: Ray is not installed, or there is no cluster.
    """
    try:
        import ray
    except ImportError as error:
        raise UsageError("--ray needs the package ray", hint="pip install 'trailergen[ray]'") from error
    try:
        _require_server(address)
        ray.init(address=address, log_to_driver=False, configure_logging=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"there is no Ray cluster at {address}", str(error), "`ray start --head` begins one"
        ) from error
    task = ray.remote(num_cpus=cpus, num_gpus=gpus, max_retries=_RETRIES, retry_exceptions=False)(_task)
    under_way: dict[Any, Job] = {}
    try:
        while True:
            room = limit or _room(ray.cluster_resources(), cpus, gpus)
            while len(under_way) < room and (job := next_job()) is not None:
                under_way[task.remote(job)] = job
            if not under_way:
                return
            for reference in ray.wait(list(under_way), num_returns=1, timeout=10)[0]:
                job = under_way.pop(reference)
                try:
                    outcome: Outcome = ray.get(reference)
                except ray.exceptions.RayError as error:
                    lines = f"error: the cluster lost {job.film}\n  why: {str(error).strip()}"
                    outcome = Outcome(job, Status.failed, 1, lines)
                yield outcome
    finally:
        for reference in under_way:
            ray.cancel(reference, force=True)
        ray.shutdown()


def _require_server(address: str) -> None:
    """Ray itself tries for many minutes to reach an address where nobody is."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_S).close()


def _task(job: Job) -> Outcome:
    return work(job, _MODELS)


def _room(resources: dict[str, float], cpus: float, gpus: float) -> int:
    """Number of films that fit at once, at least one: a cluster may grow when it is asked."""
    fits = [int(resources.get("CPU", 0) / cpus)] if cpus else []
    fits += [int(resources.get("GPU", 0) / gpus)] if gpus else []
    return max(1, min(fits, default=1))
