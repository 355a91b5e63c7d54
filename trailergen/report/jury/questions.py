"""The questions to judges: the four aspects of the paper's study, or one's own from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trailergen.errors import InputError
from trailergen.runtime.cache import require_file

LOWEST, HIGHEST = 1, 7
"""The scale of the paper: higher is better."""

Words = Annotated[str, Field(min_length=1, max_length=500)]


class Question(BaseModel):
    """A question answered by 1 to 7: ``name`` heads a column, ``text`` is asked, ``low`` and ``high`` say what the
    ends of the scale mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    name: Words
    text: Words
    low: str = Field(default="not at all", max_length=100)
    high: str = Field(default="very much", max_length=100)


QUESTIONS = (
    Question(id="theme", name="Theme", text="How well does it tell what the film is about, and what it is like?"),
    Question(
        id="rhythm",
        name="Rhythm",
        text="How well do the pictures go with the music, and follow on each other in a good order and pace?",
    ),
    Question(id="attractiveness", name="Attractiveness", text="How much does it make you want to see the film?"),
    Question(
        id="appropriateness",
        name="Appropriateness",
        text="How close does it come to the film's official trailer, or to what you would expect of one?",
    ),
)
"""Section 4.2 of the paper: theme, rhythm, attractiveness, appropriateness."""


class _Questions(BaseModel):
    model_config = ConfigDict(extra="forbid")
    question: list[Question] = Field(min_length=1, max_length=20)


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a TOML file, a ``[[question]]`` table each. Raises InputError."""
    require_file(path)
    try:
        found = _Questions.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).question
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} is not TOML", str(error)) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5]]
        raise InputError(f"{path} holds no questions", "\n       ".join(problems), "see docs/jury.md") from error
    if len({question.id for question in found}) < len(found):
        raise InputError(f"{path} holds no questions", "two of them have the same id")
    return tuple(found)
