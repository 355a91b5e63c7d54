"""Render a plan with a session's cache, and know a render again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.plans import Plan, plan_sha256
from trailergen.session import Session

if TYPE_CHECKING:
    from trailergen.settings.render import RenderSettings


def render_plan(session: Session, plan: Plan, output: Path, film: Path, music: Path, settings: RenderSettings) -> None:
    """Render and verify a plan; see rendering/trailer.py for what is raised."""
    from trailergen.rendering.trailer import render_trailer

    work = session.cache.folder("segments") / plan.film.sha256[:16]
    render_trailer(plan, output, film=film, music=music, settings=settings, work=work, progress=session.progress)


def is_rendered(output: Path, plan: Plan, settings: RenderSettings | None = None) -> bool:
    """True for a file that is a finished render of exactly this plan, by the mark that rendering leaves in it.

    With ``settings`` it must be one of these, too. Raises InputError if their font cannot be read.
    """
    from trailergen.rendering.trailer import rendered_plan, settings_mark

    found = rendered_plan(output) if output.exists() else None
    if found is None or found[0] != plan_sha256(plan):
        return False
    return settings is None or found[1] == settings_mark(settings)
