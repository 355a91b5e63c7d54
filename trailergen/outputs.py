"""What a plan becomes: the trailer, its stems and its storyboard, each written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.cache import atomic_output
from trailergen.errors import OutputError
from trailergen.pipeline import Workshop, probe
from trailergen.plan import Plan, dump_plan

if TYPE_CHECKING:
    from trailergen.render.codec import RenderSettings


def render_plan(shop: Workshop, plan: Plan, output: Path, film: Path, music: Path, settings: RenderSettings) -> None:
    """Render and verify a plan; see render/trailer.py for what is raised."""
    from trailergen.render.trailer import render_trailer

    work = shop.cache.folder("segments") / plan.film.sha256[:16]
    render_trailer(plan, output, film=film, music=music, settings=settings, work=work, progress=shop.progress)


def write_stems(shop: Workshop, plan: Plan, trailer: Path, film: Path, music: Path) -> list[Path]:
    """Write the stems of a trailer beside it; returns their paths. Raises InputError and OutputError."""
    from trailergen.render import stems
    from trailergen.render.sound import mix

    paths = stems.stem_paths(trailer)
    with shop.progress.stage("stems", len(paths)) as tick:
        stems.write_stems(mix(plan, music, probe(shop, film, plan.film.sha256)), trailer)
        tick(len(paths))
    return paths


def write_storyboard(
    shop: Workshop,
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
    from trailergen.report.marks import page_mark, plan_digest, read_mark
    from trailergen.report.storyboard import relative_link, relative_name, storyboard_html

    link = None if trailer is None else relative_link(trailer, page)
    name = relative_name(plan_path, page)
    mark = page_mark(plan, name, film is not None, music is not None, link, embed)
    if read_mark(page) == (plan_digest(plan), mark):
        return
    from trailergen.report.material import gather

    with atomic_output(page) as temporary:
        html = storyboard_html(plan, name, gather(shop, plan, film, music, trailer, link, embed), mark)
        temporary.write_text(html, encoding="utf-8")


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


def is_rendered(output: Path, plan: Plan, settings: RenderSettings | None = None) -> bool:
    """Whether the file is a finished render of exactly this plan, by the mark that rendering leaves in it.

    With ``settings`` it must be one of these, too.
    """
    from trailergen.render.trailer import plan_sha256, rendered_plan

    found = rendered_plan(output) if output.exists() else None
    return found is not None and found[0] == plan_sha256(plan) and (settings is None or found[1] == str(settings))
