"""The file that a judge's page saves: read, and checked against the key as anything that comes from outside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from trailergen.errors import InputError
from trailergen.report.jury.key import Key
from trailergen.report.jury.questions import HIGHEST, LOWEST
from trailergen.runtime.cache import require_file

ANSWERS_SCHEMA = "trailergen.jury.answers/1"
_MOST_BYTES = 1 << 20
Score = Annotated[StrictInt, Field(ge=LOWEST, le=HIGHEST)]
Remark = Annotated[str, Field(max_length=5000)]


class TrailerAnswers(BaseModel):
    """The answers about one trailer. Scores that were not given are absent or null."""

    model_config = ConfigDict(extra="forbid")
    scores: dict[str, Score | None] = {}
    strongest: Remark = ""
    weakest: Remark = ""
    remarks: Remark = ""


class Answers(BaseModel):
    """All that one judge said, by letter."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    schema_: Literal["trailergen.jury.answers/1"] = Field(alias="schema")
    study: str
    judge: str
    trailers: dict[str, TrailerAnswers]


def read_answers(key: Key, paths: Sequence[Path]) -> list[Answers]:
    """The answers in these files, one judge each, in the order of the judges in the key.

    Raises:
        InputError: a file cannot be read, is no answers, belongs to another study, or says what its page cannot have
            said (an unknown judge, letter or question, a score that is none); or two files are of one judge.
    """
    found: dict[str, tuple[Path, Answers]] = {}
    for path in paths:
        answers = _read(path)
        _check(key, path, answers)
        if answers.judge in found:
            raise InputError(
                f"{path} and {found[answers.judge][0]} are both of judge {answers.judge}",
                "each judge counts once",
                "leave one of them out",
            )
        found[answers.judge] = path, answers
    return [found[judge][1] for judge in key.judges if judge in found]


def _read(path: Path) -> Answers:
    require_file(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path} is not a judge's answers", "it is larger than a page saves")
        return Answers.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}", error.strerror) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors()[:5]]
        raise InputError(
            f"{path} is not a judge's answers", "\n       ".join(problems), "have the judge's page save them again"
        ) from error


def _check(key: Key, path: Path, answers: Answers) -> None:
    if answers.study != key.study:
        raise InputError(
            f"{path} belongs to another study",
            f"it is of {answers.study[:40]!r}, the key of {key.study!r}",
            "give the key that was written with this judge's page",
        )
    if answers.judge not in key.judges:
        raise InputError(f"{path} is of a judge {answers.judge[:40]!r}", f"the study has 1 to {len(key.judges)}")
    order, questions = key.judges[answers.judge], {question.id for question in key.questions}
    for letter, said in answers.trailers.items():
        if letter not in order:
            raise InputError(f"{path} speaks of a trailer {letter[:40]!r}", f"the study has {', '.join(order)}")
        if unknown := sorted(set(said.scores) - questions):
            raise InputError(f"{path} answers a question {unknown[0][:40]!r}", "the study does not ask it")
