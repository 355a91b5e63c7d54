"""Results on disk: each file is written whole or not at all, and nothing is replaced unasked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.errors import OutputError, UsageError

if TYPE_CHECKING:
    from trailergen.plans import Plan
    from trailergen.session import Session


def check_output(output: Path, suffix: str, inputs: Iterable[Path]) -> None:
    """Find out before the work whether a result can be written. Raises OutputError or UsageError."""
    try:
        output.lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OutputError(f"cannot write {output}", error.strerror, "give another name with --output") from error
    if output.is_dir():
        raise OutputError(f"{output} is a folder", hint=f"name a file in it, ending in {suffix}")
    if output.suffix.lower() != suffix:
        raise UsageError(f"the output {output} must end in {suffix}", hint=f"call it {output.stem}{suffix}")
    if not output.parent.is_dir():
        raise OutputError(f"there is no folder {output.parent}", hint="make it first")
    if not os.access(output.parent, os.W_OK):
        raise OutputError(f"cannot write into {output.parent}", hint="choose another place with --output")
    if any(_same(output, given) for given in inputs):
        raise UsageError(f"the output {output} is an input")


def make_folder(path: Path) -> None:
    """Make a folder for results, if it is not there. Raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {path}", error.strerror, "choose another --output") from error


def _same(output: Path, given: Path) -> bool:
    """True for one file by two names. What cannot be looked at is for who reads it to say."""
    try:
        return output.samefile(given)
    except OSError:
        return False


@contextmanager
def alone_with(output: Path, session: Session | None = None) -> Iterator[None]:
    """While the block runs no other process makes the same result; who comes second waits, and says so once."""
    from trailergen.runtime.lock import alone, in_silence

    name = hashlib.sha256(os.fsencode(output.name)).hexdigest()[:16]
    with alone(output.with_name(f".{name}.lock"), session.waits_for(str(output)) if session else in_silence):
        yield


def present(output: Path) -> bool:
    """True if something lies there that would be replaced; a dangling link is something too."""
    return os.path.lexists(output)


def holds(output: Path, content: str | bytes) -> bool:
    """True if the very same lies there already: this result, made by another process or an earlier one."""
    try:
        return output.read_bytes() == (content.encode() if isinstance(content, str) else content)
    except OSError:
        return False


def exists_error(output: Path) -> OutputError:
    """The error of a result that would be replaced."""
    return OutputError(f"{output} exists", "results are not replaced unasked", "choose another --output, or --force")


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all. Raises OutputError."""
    from trailergen.runtime.cache import atomic_output

    with atomic_output(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_result(text: str, path: Path, *, force: bool = False) -> Path:
    """Write a text file; nothing is done where the very same lies there already. Returns its path.

    Raises:
        OutputError: something else lies there and ``force`` is not given, or it cannot be written.
    """
    if not holds(path, text):
        if present(path) and not force:
            raise exists_error(path)
        write_text(path, text)
    return path


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OutputError."""
    from trailergen.runtime.cache import atomic_output

    with atomic_output(path) as temporary:
        temporary.write_bytes(content)


def claim_plan(path: Path, plan: Plan, force: bool) -> bool:
    """True if the plan still has to be written: not if the very same lies there already.

    Raises:
        OutputError: another plan lies there, perhaps an edited one, and ``force`` is not given.
    """
    from trailergen.plans import dump_plan

    if holds(path, dump_plan(plan)):
        return False
    if present(path) and not force:
        raise OutputError(
            f"{path} exists and is another plan",
            "it may have been edited, or made with other settings",
            f"`trailergen render {path}` renders it; --force replaces it",
        )
    return True


def write_plan(plan: Plan, path: Path | str, *, force: bool = False) -> Path:
    """Write a plan file; nothing is done where the very same lies there already. Returns its path.

    Raises:
        OutputError: another plan lies there and ``force`` is not given, or it cannot be written.
    """
    from trailergen.plans import dump_plan

    target = Path(path)
    if claim_plan(target, plan, force):
        write_text(target, dump_plan(plan))
    return target


def plan_stem(path: Path) -> str:
    """The name of a plan file without ``.plan.json``, which results made from it take."""
    return path.name.removesuffix(".json").removesuffix(".plan")


def next_plan(plan: Path) -> tuple[Path | None, Path]:
    """The newest plan of the plan's name and a higher number, if there is one, and the next name that is free."""
    stem = plan.name.removesuffix(".json").removesuffix(".plan")
    base, dash, number = stem.rpartition("-")
    base, first = (base, int(number) + 1) if dash and number.isdecimal() else (stem, 2)
    last = None
    while present(path := plan.with_name(f"{base}-{first}.plan.json")):
        last = path
        first += 1
    return last, path
