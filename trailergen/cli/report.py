"""``trailergen report``: a plan as a storyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.runtime.progress import ProgressKind

if TYPE_CHECKING:
    from trailergen.plans import Plan
    from trailergen.session import Session


def report(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", readable=False, help="A plan file, as `plan` or `make` writes it.")
    ],
    output: o.OutputOption = None,
    film: Annotated[Path | None, typer.Option("--film", readable=False, help="Where the film is now.")] = None,
    music: Annotated[Path | None, typer.Option("--music", "-m", readable=False, help="Where the music is now.")] = None,
    trailer: Annotated[
        Path | None,
        typer.Option(
            "--trailer", readable=False, help="The rendered plan; by default PLAN's .mp4 or .mov beside it or here."
        ),
    ] = None,
    embed: Annotated[
        bool, typer.Option("--embed", help="Put the trailer into the page: one file that can be sent.")
    ] = False,
    force: o.ForceOption = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Show a plan as a storyboard: writes an .html of its name in the current folder, or what --output says.

    One page with the music, every clip, where it comes from, its alternatives, and the commands that change it.
    Without the film it has no thumbnails.
    """
    from trailergen.plans import read_plan
    from trailergen.report.marks import claim_storyboard
    from trailergen.report.write import write_storyboard

    session = o.open_session(cache_dir, progress)
    shown = read_plan(plan)
    name = plan.name.removesuffix(".json").removesuffix(".plan")
    target = output or Path(f"{name}.html")
    places = film or Path(shown.film.path), music or Path(shown.music.path)
    o.check_output(target, ".html", inputs=(plan, *places))
    claim_storyboard(target, shown, force)
    rendered = _find_trailer(
        shown, trailer, [at / f"{name}{suffix}" for suffix in (".mp4", ".mov") for at in (plan.parent, Path())]
    )
    write_storyboard(
        session,
        shown,
        plan,
        target,
        film=_find(session, "film", film, shown.film.path, shown.film.sha256),
        music=_find(session, "music", music, shown.music.path, shown.music.sha256),
        trailer=rendered,
        embed=embed,
    )
    print(target)


def _find(session: Session, name: str, given: Path | None, recorded: str, sha256: str) -> Path | None:
    """Where the film or the music is; None if it is no longer where the plan says. Raises InputError."""
    from trailergen.session import locate

    if given is None and not Path(recorded).exists():
        return None
    return locate(session, name, given, recorded, sha256)


def _find_trailer(plan: Plan, given: Path | None, usual: list[Path]) -> Path | None:
    """The trailer rendered from exactly this plan, if there is one. Raises InputError if the one given is not."""
    from trailergen.errors import InputError
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
