"""A plan as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.api.outputs import alone_with, check_output, plan_stem
from trailergen.errors import InputError
from trailergen.plans import Plan, read_plan
from trailergen.runtime.places import is_file

if TYPE_CHECKING:
    from trailergen.session import Session


def storyboard(
    plan: Path | str,
    output: Path | str | None = None,
    *,
    film: Path | str | None = None,
    music: Path | str | None = None,
    trailer: Path | str | None = None,
    embed: bool = False,
    session: Session | None = None,
    force: bool = False,
) -> Path:
    """Write a plan's storyboard: the music, every clip with its alternatives, and the commands that change it.

    Args:
        plan: the plan's file, which the commands on the page name.
        output: the page; by default the plan's name with .html in the current folder.
        film: where the film is now, if not where the plan says. Without it the page has no pictures.
        music: where the music is now, if not where the plan says.
        trailer: the rendered plan; by default the plan's .mp4 or .mov beside it or in the current folder.
        embed: put the trailer into the page instead of a link.
        session: cache and progress; a new one by default.
        force: replace what lies there.

    Returns:
        the page's path.

    Raises:
        InputError: the plan cannot be read, or the film, the music or the trailer given is another.
        OutputError: something else lies there, or it cannot be written.
        PlanError: it is no plan.
    """
    from trailergen.report.marks import claim_storyboard
    from trailergen.report.write import write_storyboard
    from trailergen.session import Session

    session, source = session or Session(), Path(plan)
    shown, name = read_plan(source), plan_stem(source)
    target = Path(output or f"{name}.html")
    check_output(target, ".html", (source, Path(film or shown.film.path), Path(music or shown.music.path)))
    usual = [at / f"{name}{suffix}" for suffix in (".mp4", ".mov") for at in (source.parent, Path())]
    rendered = _find_trailer(shown, None if trailer is None else Path(trailer), usual)
    if embed and rendered is None:
        session.progress.note(f"no trailer is embedded: this plan has none, `trailergen render {source}` makes it")
    with session.limits(), alone_with(target, session):
        claim_storyboard(target, shown, force)
        write_storyboard(
            session,
            shown,
            source,
            target,
            film=_find(session, "film", film, shown.film.path, shown.film.sha256),
            music=_find(session, "music", music, shown.music.path, shown.music.sha256),
            trailer=rendered,
            embed=embed,
        )
    return target


def _find(session: Session, name: str, given: Path | str | None, recorded: str, sha256: str) -> Path | None:
    """The place of the film or the music; None if it is no longer where the plan says. Raises InputError."""
    from trailergen.session import locate

    if given is None and not is_file(Path(recorded)):
        return None
    return locate(session, name, None if given is None else Path(given), recorded, sha256)


def _find_trailer(plan: Plan, given: Path | None, usual: list[Path]) -> Path | None:
    """The trailer rendered from exactly this plan, if there is one. Raises InputError if the one given is not."""
    from trailergen.rendering.render import is_rendered

    if given is None:
        return next((path for path in usual if is_rendered(path, plan)), None)
    if not is_rendered(given, plan):
        raise InputError(
            f"{given} is not the trailer of this plan",
            "it is missing, or was rendered from another plan",
            "`trailergen render PLAN` renders it",
        )
    return given
