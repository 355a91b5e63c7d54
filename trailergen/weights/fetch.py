"""Download of weights: complete and verified under their name, or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trailergen.errors import UsageError, WeightsError
from trailergen.runtime.places import is_file
from trailergen.runtime.progress import Progress
from trailergen.weights.content import wrong_form
from trailergen.weights.index import WeightsFile
from trailergen.weights.licence import require_acceptance
from trailergen.weights.partial import SUFFIX, PartialFile
from trailergen.weights.record import Record, Stamp, write_record
from trailergen.weights.transfer import Dropped, Refused, http_client, public, receive
from trailergen.weights.verify import check_content, expected_sha256, missing

if TYPE_CHECKING:
    from httpx2 import Client

# A server may fail so often in a row without sending a new byte, and so often at all.
_FAILURES = 5
_REQUESTS = 1000
_FIRST_PAUSE_S = 0.5
_FOLDER_HINT = "choose another folder with TRAILERGEN_WEIGHTS"


def fetch(weights: WeightsFile, progress: Progress, mirror: str | None = None, offline: bool = False) -> Path:
    """The path of the weights, downloaded if they are not here or are damaged. One process downloads, others wait.

    Args:
        weights: an entry of the index whose licence has been accepted where it must be.
        progress: shows the stages ``fetch NAME`` and ``verify NAME`` in bytes.
        mirror: an address to take them from instead, see ``addresses``.
        offline: open no connection; only say whether the weights are here and right.

    Raises:
        WeightsError: they are not here and cannot be had; nothing lies under their name then.
        UsageError: ``mirror`` is no address.
    """
    if weights.shipped:
        return check_content(weights)
    require_acceptance(weights)
    # Before the file itself: where that one is, all are.
    for part in weights.companions:
        fetch(part, progress, mirror, offline)
    sources = addresses(weights, mirror)
    if found := _installed(weights, progress, offline):
        return found
    if offline or not sources:
        raise missing(weights, offline)
    with _locked(weights, progress):
        # Another process may have brought them while this one waited.
        return _installed(weights, progress, offline) or _download(weights, sources, progress, mirror is not None)


def addresses(weights: WeightsFile, mirror: str | None = None) -> list[str]:
    """The addresses to ask for the file, in this order: the index's, or those that a mirror gives.

    A mirror keeps the paths of the original hosts, or is a copy of a weights folder: ``BASE`` stands for
    ``BASE`` + the original path, then ``BASE/NAME/FILE``.

    Raises:
        UsageError: the mirror is no address.
    """
    if mirror is None:
        return list(weights.urls)
    try:
        parts = urlsplit(mirror)
        right = parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
    except ValueError:
        right = False
    if not right:
        raise UsageError(
            f"--mirror {mirror} is no address", hint="write it like https://mirror.example.org/weights, without a ?"
        )
    base = mirror.rstrip("/")
    paths = [urlsplit(url).path for url in weights.urls]
    return list(dict.fromkeys(base + path for path in [*paths, f"/{weights.name}/{weights.path.name}"]))


def _installed(weights: WeightsFile, progress: Progress, offline: bool) -> Path | None:
    """The file if it is here and right; None if it is missing, or damaged and may be fetched again."""
    if not is_file(weights.path):
        return None
    try:
        with progress.stage(f"verify {weights.name}", weights.path.stat().st_size) as tick:
            return check_content(weights, tick)
    except WeightsError as error:
        if offline or not weights.urls:
            raise
        progress.note(f"{error.what}: {error.why}; fetching them again")
        return None


@contextmanager
def _locked(weights: WeightsFile, progress: Progress) -> Iterator[None]:
    """Hold the lock beside the file, waiting for a process that has it."""
    from filelock import FileLock, Timeout

    folder = weights.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{weights.path.name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress.note(f"another process fetches {weights.name}; waiting for it")
            lock.acquire()
    except OSError as error:
        raise WeightsError(f"cannot write into {folder}", error.strerror or str(error), _FOLDER_HINT) from error
    try:
        yield
    finally:
        lock.release()


def _download(weights: WeightsFile, sources: list[str], progress: Progress, mirrored: bool) -> Path:
    expected = expected_sha256(weights)
    failures = []
    path = weights.path.with_name(weights.path.name + SUFFIX)
    with progress.stage(f"fetch {weights.name}", weights.size or None) as tick, PartialFile(path, tick) as part:
        for url in sources:
            try:
                # Without TLS anybody on the way can change a file: its SHA-256 must be known, and the user have asked.
                with http_client(plain=mirrored and bool(weights.sha256)) as client:
                    _fetch_from(client, url, part, weights, expected)
            except Refused as refused:
                failures.append(f"{public(url)}: {refused}")
                continue
            sha256 = part.sha256
            part.complete(weights.path)
            write_record(weights.path, Record(sha256, Stamp.of(weights.path), public(url)))
            return weights.path
        if not part.have:
            part.discard()
    raise WeightsError(
        f"cannot fetch the weights {weights.name}",
        "\n".join(failures),
        f"run the same command again to continue, give a --mirror, or put the file at {weights.path}",
    )


def _fetch_from(client: Client, url: str, part: PartialFile, weights: WeightsFile, expected: str) -> None:
    """Complete a download from one address. Raises Refused."""
    failures, reached, started_again = 0, part.have, False
    for _ in range(_REQUESTS):
        try:
            receive(client, url, part, weights.size, same_content=bool(expected))
            wrong = _wrong(part, expected)
            if wrong is None:
                return
            spliced = part.spliced
            part.restart(None)
            # Bytes of several requests may not belong together; those of one are what the server has.
            if not spliced or started_again:
                raise Refused(wrong)
            started_again = True
        except Dropped as dropped:
            if part.have > reached:
                failures, reached = 0, part.have
            failures += 1
            if failures > _FAILURES:
                raise Refused(f"{dropped} (asked {failures} times in vain)") from dropped
            time.sleep(max(dropped.wait, _FIRST_PAUSE_S * 2 ** (failures - 1)))
    raise Refused(f"{_REQUESTS} requests did not bring it")


def _wrong(part: PartialFile, expected: str) -> str | None:
    """The reason why the whole download is not the weights; None if it is."""
    if expected:
        return None if part.sha256 == expected else f"the SHA-256 of what it sent is {part.sha256}, not {expected}"
    return wrong_form(part.path, part.path.name.removesuffix(SUFFIX))
