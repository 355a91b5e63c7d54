"""Plan files: read and checked, written, and their JSON Schema."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trailergen.errors import InputError, PlanError
from trailergen.plans.rules import violations
from trailergen.plans.types import SCHEMA, Plan

_A_PLAN = "give a file that `trailergen plan` or `make` wrote, NAME.plan.json"


def read_plan(path: Path | str) -> Plan:
    """Read and check a plan file.

    Raises:
        InputError: the file cannot be read.
        PlanError: it is no plan, or breaks a rule; every violation is listed with its JSON path.
    """
    try:
        # Some editors put a byte order mark before the text.
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the plan {path}", error.strerror) from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path} is not a plan", "it is not UTF-8 text", _A_PLAN) from error
    return parse_plan(text, str(path))


def parse_plan(text: str, name: str = "plan") -> Plan:
    """Parse and check plan JSON; ``name`` stands for it in messages. Raises PlanError."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{name} is not a plan", f"it is not JSON: {error}", _A_PLAN) from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise PlanError(
            f"{name} is not a plan this version reads",
            f"$.schema is {schema!r}, expected {SCHEMA!r}",
            "write a new one with `trailergen plan`, or install a newer trailergen",
        )
    try:
        plan = Plan.model_validate(data)
    except ValidationError as error:
        problems = [f"{_json_path(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise PlanError(f"{name} is not a valid plan", "\n       ".join(problems)) from error
    problems = violations(plan)
    if problems:
        raise PlanError(f"{name} is not a valid plan", "\n       ".join(problems))
    return plan


def dump_plan(plan: Plan, shots: str | None = None) -> str:
    """The plan as JSON text: stable field order, one final newline.

    ``shots`` is what ``dump_shots`` has made of its shots, which are most of a plan, where that is known already.
    """
    if shots is None:
        return _dumped(plan.model_dump(mode="json", by_alias=True)) + "\n"
    rest = _dumped(plan.model_copy(update={"shots": []}).model_dump(mode="json", by_alias=True))
    # One blank before a name is the plan's own field; a text has no line break that is not escaped.
    return rest.replace('\n "shots": []', f'\n "shots": {shots}', 1) + "\n"


def dump_shots(plan: Plan) -> str:
    """The shots of a plan as they stand in its text."""
    shots = plan.model_dump(mode="json", by_alias=True, include={"shots"})["shots"]
    return _dumped(shots).replace("\n", "\n ")


def _dumped(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False)


def plan_sha256(plan: Plan) -> str:
    """SHA-256 of the plan's text, by which its trailer and its storyboard know it."""
    return text_sha256(dump_plan(plan))


def text_sha256(text: str) -> str:
    """SHA-256 of a plan by its text, for who has written it already."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def json_schema() -> str:
    """The plan's JSON Schema as text: the types of all fields, not the rules between them (``violations``)."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Plan.model_json_schema(by_alias=True)}
    return json.dumps(schema, indent=1) + "\n"


def _json_path(location: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
