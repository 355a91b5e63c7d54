"""Write the storyboard of a plan, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from trailergen.plans import Plan, plan_sha256
from trailergen.runtime.cache import atomic_output
from trailergen.session import Session


def write_storyboard(
    session: Session,
    plan: Plan,
    plan_path: Path,
    page: Path,
    *,
    film: Path | None,
    music: Path | None,
    trailer: Path | None,
    embed: bool = False,
) -> None:
    """Write the storyboard of a plan; nothing is decoded if the very same lies there already.

    ``film``, ``music`` and ``trailer`` are None where they are not there: the page does without and says so. With
    ``embed`` the trailer is put into the page instead of linked. Raises InputError and OutputError.
    """
    from trailergen.report.marks import page_mark, read_mark
    from trailergen.report.storyboard import name_from, relative_link, storyboard_html

    link = None if trailer is None else relative_link(trailer, page)
    name = name_from(Path(), plan_path)  # commands are typed where this one was
    mark = page_mark(plan, name, film is not None, music is not None, link, embed)
    if read_mark(page) == (plan_sha256(plan), mark):
        return
    from trailergen.report.material import gather

    with atomic_output(page) as temporary:
        html = storyboard_html(plan, name, gather(session, plan, film, music, trailer, link, embed), mark)
        temporary.write_text(html, encoding="utf-8")
