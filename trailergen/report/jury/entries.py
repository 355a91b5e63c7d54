"""The trailers of a study: plans, or video files of other origin, all of one film."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.errors import UsageError
from trailergen.plans import Plan, read_plan

if TYPE_CHECKING:
    from trailergen.session import Session

LETTERS = string.ascii_uppercase
"""What trailers are called in a study; more than these nobody judges in one sitting."""


@dataclass(frozen=True)
class Entry:
    """A trailer that is judged. ``name`` is for who scores, never for who judges; ``plan`` is None for a video."""

    name: str
    path: Path
    sha256: str
    plan: Plan | None


def read_entries(session: Session, paths: Sequence[Path]) -> list[Entry]:
    """The trailers in these files: ``.json`` is a plan, all else a video.

    Raises:
        InputError: a file cannot be read.
        PlanError: a plan is invalid.
        UsageError: fewer than two trailers or more than letters, one given twice, or plans of different films.
    """
    if not 2 <= len(paths) <= len(LETTERS):
        raise UsageError(f"a study compares 2 to {len(LETTERS)} trailers, not {len(paths)}")
    names = [_name(path) for path in paths]
    found = []
    for path, name in zip(paths, names, strict=True):
        plan = read_plan(path) if path.suffix.lower() == ".json" else None
        shown = name if names.count(name) == 1 else str(path)
        found.append(Entry(shown, path, session.cache.fingerprint(path), plan))
    for number, entry in enumerate(found):
        if twin := next((other for other in found[:number] if other.sha256 == entry.sha256), None):
            raise UsageError(f"{entry.path} and {twin.path} are the same trailer", "their content is equal")
    plans = [entry for entry in found if entry.plan]
    for entry in plans[1:]:
        if entry.plan and plans[0].plan and entry.plan.film.sha256 != plans[0].plan.film.sha256:
            raise UsageError(
                f"{entry.path} and {plans[0].path} are trailers of different films",
                "a study compares trailers of one film",
                "make a study of each film",
            )
    return found


def read_official(session: Session, path: Path) -> Entry:
    """The film's official trailer, which is shown to compare with and not judged. Raises InputError."""
    return Entry("official", path, session.cache.fingerprint(path), None)


def _name(path: Path) -> str:
    return path.name.removesuffix(".json").removesuffix(".plan") if path.suffix.lower() == ".json" else path.stem
