"""What a plan becomes on disk: each file written whole or not at all, nothing replaced unasked."""

from __future__ import annotations

from pathlib import Path

from trailergen.audio.mix import mix
from trailergen.errors import OutputError
from trailergen.plans import Plan, dump_plan
from trailergen.session import Session
from trailergen.stages import probe


def write_stems(session: Session, plan: Plan, trailer: Path, film: Path, music: Path) -> list[Path]:
    """Write the stems of a trailer beside it; returns their paths. Raises InputError and OutputError."""
    from trailergen.audio import wav

    paths = wav.stem_paths(trailer)
    with session.progress.stage("stems", len(paths)) as tick:
        wav.write_stems(mix(plan, music, probe(session, film, plan.film.sha256)), trailer)
        tick(len(paths))
    return paths


def claim_plan(path: Path, plan: Plan, force: bool) -> bool:
    """Whether the plan still has to be written: not if the very same lies there already.

    Raises:
        OutputError: another plan lies there, perhaps an edited one, and ``force`` is not given.
    """
    if not path.exists():
        return True
    if path.read_bytes() == dump_plan(plan).encode():
        return False
    if not force:
        raise OutputError(
            f"{path} exists and is another plan",
            "it may have been edited, or made with other settings",
            f"`trailergen render {path}` renders it; --force replaces it",
        )
    return True
