"""Licences that have to be accepted once, remembered in the weights folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from trailergen.errors import WeightsError
from trailergen.weights.index import WeightsFile, weights_folder


def accepted(weights: WeightsFile) -> bool:
    """True if the weights may be used: their licence asks for no acceptance, or was accepted as it is now."""
    return not weights.needs_acceptance or _read().get(weights.name, {}).get("licence") == weights.licence


def accept(weights: WeightsFile) -> None:
    """Remember that the user accepts the licence of these weights.

    Raises:
        OutputError: the weights folder cannot be written.
    """
    from trailergen.errors import OutputError
    from trailergen.runtime.cache import atomic_output

    if accepted(weights):
        return
    day = datetime.now(UTC).date().isoformat()
    known = _read() | {weights.name: {"licence": weights.licence, "accepted": day}}
    path = _path()
    hint = "choose another folder with TRAILERGEN_WEIGHTS"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {path}", error.strerror, hint) from error
    with atomic_output(path, hint) as temporary:
        temporary.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def require_acceptance(weights: WeightsFile) -> None:
    """Raises WeightsError, with the licence and what to type, where one has not been accepted."""
    if not accepted(weights):
        raise WeightsError(
            f"the licence of the weights {weights.name} has not been accepted",
            terms(weights),
            f"read it; if you accept it, run trailergen weights accept {weights.name}",
        )


def terms(weights: WeightsFile) -> str:
    """The licence in one or two lines, with its address."""
    return f"{weights.about}\nLicence {weights.licence}: {weights.licence_url}".strip()


def _path() -> Path:
    return weights_folder() / "licences.json"


def _read() -> dict[str, dict[str, str]]:
    """The accepted licences by weights. A file that cannot be read accepts nothing: the user is asked again."""
    try:
        stored = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stored, dict):
        return {}
    return {name: entry for name, entry in stored.items() if isinstance(entry, dict)}
