"""The cache of the stages: results by the content of the files and settings that they were made from.

An entry is one safetensors file: arrays, the stage's own JSON, and a digest over both. It appears by temporary
file and ``os.replace``, so that a kill leaves either nothing or a whole entry; one whose digest is wrong is
removed and made again. Nothing in it is executable.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trailergen.errors import InputError, OutputError, UsageError
from trailergen.runtime.lock import alone, in_silence
from trailergen.runtime.places import missing_file, of_this_user
from trailergen.runtime.progress import Tick, no_tick

Arrays = dict[str, NDArray[Any]]
_CHUNK = 1 << 22
# A temporary file this old belongs to a process that was killed while it wrote.
_ABANDONED_S = 3600
_OUTPUT_HINT = "choose another place, or make room and run again"
_CACHE_HINT = "choose another place with --cache-dir or TRAILERGEN_CACHE, or make room and run again"


@dataclass(frozen=True)
class Entry:
    """One stage's result: JSON-able facts and named arrays."""

    facts: dict[str, Any]
    arrays: Arrays


def default_cache_dir() -> Path:
    """``$TRAILERGEN_CACHE``, else the platform's cache folder for this user. Raises UsageError where there is none."""
    if chosen := os.environ.get("TRAILERGEN_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    found = of_this_user(user_cache_path)
    if found is None:
        raise UsageError(
            "there is no folder for the cache",
            "HOME is not set, and this user has no account that would say where home is",
            "set TRAILERGEN_CACHE, or HOME, to a folder that you may write into",
        )
    return found


def require_file(path: Path) -> None:
    """Raise InputError if a path is no regular file, before anything is read from it."""
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise missing_file(path) from error
    except OSError as error:
        raise InputError(f"cannot read {path}", error.strerror) from error
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{path} is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} is a device or a pipe, not a file", hint="save it as a file first")


class StageCache:
    """The cache folder. ``root`` is created when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def key(self, stage: str, version: int, inputs: Mapping[str, Any]) -> str:
        """Name of an entry: a hash over the stage, its version and everything it depends on."""
        text = json.dumps([stage, version, inputs], sort_keys=True, ensure_ascii=False)
        return f"{stage}-{hashlib.sha256(text.encode(errors='surrogateescape')).hexdigest()[:24]}"

    def load(self, key: str) -> Entry | None:
        """The entry, or None if there is none or it is damaged (then it is removed)."""
        path = self._path(key)
        discard_folder(path)
        try:
            raw = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise InputError(f"cannot read the cache entry {path}", error.strerror) from error
        entry = _parse(raw)
        if entry is None:
            path.unlink(missing_ok=True)
        return entry

    def has(self, key: str) -> bool:
        """True where there is an entry, whole or damaged."""
        return self._path(key).is_file()

    def store(self, key: str, entry: Entry) -> None:
        """Write an entry atomically. Raises OutputError if the cache cannot be written."""
        path = self._path(key)
        with _explained(path, _CACHE_HINT):
            path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_output(path, _CACHE_HINT) as temporary:
            temporary.write_bytes(_serialise(entry))

    def discard(self, key: str) -> None:
        """Remove an entry, if there is one and it can be removed."""
        with suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def result(self, key: str, make: Callable[[], Entry], waiting: Callable[[], None] = in_silence) -> Entry:
        """The stored entry, or the one ``make`` returns, stored.

        Where another process makes it just now, ``waiting`` is called and its entry taken. Raises OutputError if the
        cache cannot be written, before anything is made.
        """
        entry = self.load(key)
        if entry is None:
            path = self._path(key)
            with _explained(path, _CACHE_HINT):
                path.parent.mkdir(parents=True, exist_ok=True)
            with alone(path.with_suffix(".lock"), waiting):
                entry = self.load(key)
                if entry is None:
                    entry = make()
                    self.store(key, entry)
        return entry

    def fingerprint(self, path: Path, tick: Tick = no_tick) -> str:
        """SHA-256 of a file, remembered by path, size, inode and modification time.

        Raises:
            InputError: the file cannot be read.
        """
        require_file(path)
        try:
            status = path.stat()
            facts = [str(path.resolve()), status.st_size, status.st_mtime_ns, status.st_ino]
            key = self.key("fingerprint", 1, {"file": facts})
            entry = self.load(key)
            if entry is None:
                entry = Entry({"sha256": file_sha256(path, tick)}, {})
                self.store(key, entry)
        except OSError as error:
            raise InputError(f"cannot read {path}", error.strerror) from error
        return str(entry.facts["sha256"])

    def folder(self, name: str) -> Path:
        """A folder of the cache for files of a stage's own, made if needed."""
        path = self.root / name
        with _explained(path, _CACHE_HINT):
            path.mkdir(parents=True, exist_ok=True)
        return path

    def _path(self, key: str) -> Path:
        return self.root / "stages" / f"{key}.safetensors"


@contextmanager
def atomic_output(path: Path, hint: str = _OUTPUT_HINT) -> Iterator[Path]:
    """A temporary file in ``path``'s folder, with its suffix, that replaces ``path`` when the block ends well.

    ``hint`` tells the user what to do if it cannot be written.

    Raises:
        OutputError: the folder is missing or cannot be written, or the disk is full.
    """
    with _explained(path, hint):
        prefix = f".{path.stem[:40]}-"
        for abandoned in path.parent.glob(f"{glob.escape(prefix)}*{glob.escape(path.suffix)}"):
            with suppress(OSError):  # another process may just have made it a result, or is of another user
                if time.time() - abandoned.stat().st_mtime > _ABANDONED_S:
                    abandoned.unlink()
        # By touch: a result has the permissions of any new file, where tempfile makes private ones.
        temporary = path.with_name(f"{prefix}{secrets.token_hex(8)}{path.suffix}")
        temporary.touch(exist_ok=False)
        try:
            yield temporary
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path, hint: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {path}", error.strerror or str(error), hint) from error


def discard_folder(path: Path) -> None:
    """Remove a folder that lies where a file of the cache belongs. Raises OutputError."""
    with _explained(path, _CACHE_HINT):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)


def file_sha256(path: Path, tick: Tick = no_tick) -> str:
    """SHA-256 of a file, read in chunks; ``tick`` gets bytes. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            tick(len(chunk))
    return digest.hexdigest()


def _digest(text: str, arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _serialise(entry: Entry) -> bytes:
    from safetensors.numpy import save

    text = json.dumps(entry.facts, ensure_ascii=False)
    arrays = {name: np.ascontiguousarray(array) for name, array in entry.arrays.items()}
    return save(arrays, metadata={"facts": text, "digest": _digest(text, arrays)})


def _parse(raw: bytes) -> Entry | None:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        # The format: eight bytes of header length, then the JSON header, whose __metadata__ are our strings.
        length = int.from_bytes(raw[:8], "little")
        metadata = json.loads(raw[8 : 8 + length])["__metadata__"]
        arrays = load(raw)
        if metadata["digest"] != _digest(metadata["facts"], arrays):
            return None
        return Entry(json.loads(metadata["facts"]), arrays)
    except (SafetensorError, ValueError, KeyError, TypeError):
        return None
