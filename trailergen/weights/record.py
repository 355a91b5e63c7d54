"""The record beside a downloaded file: its SHA-256, and the state of the file when that was last verified."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from trailergen.errors import OutputError


@dataclass(frozen=True)
class Stamp:
    """The state of a file that changes with its content: size in bytes, modification time, inode."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """The stamp of a file now. Raises OSError."""
        status = path.stat()
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


@dataclass(frozen=True)
class Record:
    """The content of ``FILE.json``; ``url`` is the source of the file, "" if somebody put it there."""

    sha256: str
    stamp: Stamp
    url: str = ""


def record_path(path: Path) -> Path:
    """The path of the record of a weights file."""
    return path.with_name(path.name + ".json")


def read_record(path: Path) -> Record | None:
    """The record of a weights file; None if there is none, or none that can be understood."""
    try:
        stored = json.loads(record_path(path).read_text(encoding="utf-8"))
        stamp = Stamp(**stored["stamp"])
        return Record(str(stored["sha256"]), stamp, str(stored["url"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_record(path: Path, record: Record) -> None:
    """Write the record. In a folder that cannot be written there is none, and the file is hashed each time."""
    from trailergen.runtime.cache import atomic_output

    with contextlib.suppress(OutputError), atomic_output(record_path(path)) as temporary:
        temporary.write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")
