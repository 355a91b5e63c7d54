"""The states of a plan on the disk: a folder to which revisions are only added, and a pointer to the one that counts.

A revision is ``0007.plan.json``, a plan like any other, and ``0007.json``, which says what it came from. It exists when
the second file does. Undo and redo move the pointer, ``pointer.json``. Each file appears whole or not at all, so that a
kill at any moment leaves the state before an edit or the one after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from trailergen.api.outputs import make_folder, write_text
from trailergen.plans import Plan, Shot, dump_plan, dump_shots, plan_sha256, read_plan, text_sha256

_POINTER = "pointer.json"
_ENTRY = re.compile(r"^(\d{4,})\.json$")
_HELD = 24
"""Plans that are kept in memory."""


@dataclass(frozen=True)
class Revision:
    """A state: its number, the one it came from (None for the first), what was asked, and what became of it."""

    number: int
    parent: int | None
    asked: tuple[str, ...]
    told: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class Pointer:
    """The revision that counts, and those that redo comes to, the next one last."""

    at: int
    redo: tuple[int, ...] = ()


class History:
    """The revisions of one plan. Raises OutputError where its folder cannot be written.

    One process at a time may have it open.

    Args:
        folder: of the revisions; made if needed.
        plan: as it is now. If the last state that counted came from another, this one is added as a revision.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        make_folder(folder)
        self.folder = folder
        self._plan = lru_cache(_HELD)(self._read)
        self._added: dict[int, Plan] = {}
        self._shots: tuple[list[Shot], str] | None = None
        self._revisions = _revisions(folder)
        self._pointer = self._found_pointer()
        opened = plan_sha256(plan)
        if not any(revision.sha256 == opened for revision in self._revisions.values()):
            self.add(plan, (), ("the plan as its file has it",))

    @property
    def at(self) -> int:
        """The number of the revision that counts."""
        return self._pointer.at

    @property
    def revision(self) -> Revision:
        """The one that counts."""
        return self._revisions[self.at]

    @property
    def revisions(self) -> list[Revision]:
        """All of them, in the order in which they were made."""
        return [self._revisions[number] for number in sorted(self._revisions)]

    @property
    def plan(self) -> Plan:
        """The plan of the revision that counts."""
        return self.plan_of(self.at)

    @property
    def can_undo(self) -> bool:
        """True if the revision came from another."""
        return self.revision.parent is not None

    @property
    def can_redo(self) -> bool:
        """True if a revision was undone since the last edit."""
        return bool(self._pointer.redo)

    def plan_of(self, number: int) -> Plan:
        """The plan of a revision. Raises KeyError for one that is not there."""
        if number not in self._revisions:
            raise KeyError(number)
        return self._plan(number)

    def path_of(self, number: int) -> Path:
        """The file of a revision's plan."""
        return self.folder / f"{number:04d}.plan.json"

    def add(self, plan: Plan, asked: Sequence[str], told: Sequence[str]) -> Revision:
        """Add a state that came from the one that counts, and let it count. Raises OutputError."""
        number = max(self._revisions, default=-1) + 1
        parent = self.at if self._revisions else None
        text = dump_plan(plan, self._shots_of(plan))
        revision = Revision(number, parent, tuple(asked), tuple(told), text_sha256(text))
        write_text(self.path_of(number), text)
        write_text(self.folder / f"{number:04d}.json", json.dumps(asdict(revision), ensure_ascii=False) + "\n")
        self._revisions[number], self._added[number] = revision, plan
        self._move(Pointer(number))
        return revision

    def undo(self) -> None:
        """Go back to what the state came from, if there is any."""
        if (parent := self.revision.parent) is not None:
            self._move(Pointer(parent, (*self._pointer.redo, self.at)))

    def redo(self) -> None:
        """Take the last undo back, if there was one."""
        if self._pointer.redo:
            *rest, following = self._pointer.redo
            self._move(Pointer(following, tuple(rest)))

    def go(self, number: int) -> None:
        """Let a revision count. Raises KeyError for one that is not there."""
        if number not in self._revisions:
            raise KeyError(number)
        if number != self.at:
            self._move(Pointer(number))

    def _shots_of(self, plan: Plan) -> str:
        """The text of a plan's shots, which hardly a change touches."""
        if self._shots is None or self._shots[0] is not plan.shots:
            self._shots = plan.shots, dump_shots(plan)
        return self._shots[1]

    def _move(self, pointer: Pointer) -> None:
        write_text(self.folder / _POINTER, json.dumps(asdict(pointer)) + "\n")
        self._pointer = pointer

    def _read(self, number: int) -> Plan:
        # What was written is not read again; its shots are those of the plan that it came from.
        return self._added.pop(number, None) or read_plan(self.path_of(number))

    def _found_pointer(self) -> Pointer:
        """The pointer of the folder; to its last revision where it is lost."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads((self.folder / _POINTER).read_text(encoding="utf-8"))
            numbers = (int(known["at"]), *(int(number) for number in known["redo"]))
            if all(number in self._revisions for number in numbers):
                return Pointer(numbers[0], numbers[1:])
        return Pointer(max(self._revisions, default=0))


def _revisions(folder: Path) -> dict[int, Revision]:
    """The revisions of a folder, by number. What a kill left half made is none."""
    found: dict[int, Revision] = {}
    for path in folder.iterdir():
        if not (name := _ENTRY.match(path.name)):
            continue
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads(path.read_text(encoding="utf-8"))
            number, parent = int(name[1]), known["parent"]
            found[number] = Revision(
                number,
                None if parent is None else int(parent),
                tuple(map(str, known["asked"])),
                tuple(map(str, known["told"])),
                str(known["sha256"]),
            )
    # A chain that a damaged file has broken begins where it broke.
    return {
        number: revision if revision.parent in found else Revision(number, None, *_rest(revision))
        for number, revision in found.items()
    }


def _rest(revision: Revision) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    return revision.asked, revision.told, revision.sha256
