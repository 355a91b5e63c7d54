"""The key of a study: which letter was which trailer for which judge. The judges never see it."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trailergen.errors import InputError
from trailergen.report.jury.entries import LETTERS, Entry
from trailergen.report.jury.questions import Question
from trailergen.runtime.cache import require_file

KEY_SCHEMA = "trailergen.jury.key/1"


class KeyTrailer(BaseModel):
    """A trailer of the study: its name in the results, its file and the SHA-256 of that."""

    model_config = ConfigDict(extra="forbid")
    name: str
    path: str
    sha256: str


class Key(BaseModel):
    """The key that undoes the shuffling. ``judges`` gives each judge's index of the trailer behind each letter."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    schema_: Literal["trailergen.jury.key/1"] = Field(default="trailergen.jury.key/1", alias="schema")
    study: str
    seed: int
    questions: list[Question] = Field(min_length=1)
    trailers: list[KeyTrailer] = Field(min_length=2, max_length=len(LETTERS))
    judges: dict[str, dict[str, int]]


def make_key(entries: Sequence[Entry], questions: Sequence[Question], judges: int, seed: int) -> Key:
    """Shuffle the letters for each judge.

    The same trailers, questions, seed and number of judges give the same key; other trailers give another order, so
    that who makes a second study learns nothing from the first. See ``orders``.
    """
    facts = [seed, judges, [entry.sha256 for entry in entries], [question.model_dump() for question in questions]]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    shuffled = orders(len(entries), judges, digest)
    return Key(
        # One way: the page carries it, and it tells nothing of the trailers.
        study=hashlib.sha256(f"study {digest}".encode()).hexdigest()[:16],
        seed=seed,
        questions=list(questions),
        trailers=[KeyTrailer(name=entry.name, path=_text(entry.path), sha256=entry.sha256) for entry in entries],
        judges={str(number): dict(zip(LETTERS, order, strict=False)) for number, order in enumerate(shuffled, start=1)},
    )


def orders(trailers: int, judges: int, seed: str) -> list[list[int]]:
    """The trailers behind A, B, ... for each judge.

    Of each ``trailers`` judges in a row, every one has another order and every trailer is every letter once: what is
    seen first or last is judged differently (a Latin square, made from a shuffled row by shuffled shifts).
    """
    chance = random.Random(seed)
    found: list[list[int]] = []
    while len(found) < judges:
        row, shifts = list(range(trailers)), list(range(trailers))
        chance.shuffle(row)
        chance.shuffle(shifts)
        found += [row[shift:] + row[:shift] for shift in shifts]
    return found[:judges]


def dump_key(key: Key) -> str:
    """The key as JSON text."""
    return json.dumps(key.model_dump(mode="json", by_alias=True), indent=1, ensure_ascii=False) + "\n"


def read_key(path: Path) -> Key:
    """Read a key and check it. Raises InputError."""
    require_file(path)
    try:
        key = Key.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(f"{path} is not the key of a study", _reasons(error), "`trailergen jury` writes it") from error
    letters = LETTERS[: len(key.trailers)]
    for judge, order in key.judges.items():
        if list(order) != list(letters) or sorted(order.values()) != list(range(len(letters))):
            raise InputError(f"{path} is not the key of a study", f"judge {judge}'s letters are not the trailers")
    if len({question.id for question in key.questions}) < len(key.questions):
        raise InputError(f"{path} is not the key of a study", "two questions have one id")
    return key


def _reasons(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    problems = error.errors()[:5]
    return "\n       ".join(f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in problems)


def _text(path: Path) -> str:
    """A name that may not be text, with replacement characters where it is not."""
    return str(path).encode(errors="replace").decode()
