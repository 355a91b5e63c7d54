"""``trailergen jury``: people judge trailers blind, and what they said is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from click import Context
from typer.core import TyperGroup

from trailergen.cli import options as o
from trailergen.progress import ProgressKind


class _StudyFirst(TyperGroup):
    """``jury PLAN...`` is ``jury study PLAN...``."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["study", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_StudyFirst,
    help="Have trailers judged blind, as in the paper's user study. `jury PLAN...` is `jury study PLAN...`.",
    no_args_is_help=True,
)


@app.callback()
def _group() -> None:
    """Have trailers judged blind, as in the paper's user study. `jury PLAN...` is `jury study PLAN...`."""


@app.command("study")
def study(
    trailers: Annotated[
        list[Path],
        typer.Argument(metavar="PLAN_OR_VIDEO...", readable=False, help="Two or more trailers of one film."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="What the files are named after: study-1.html, ...")
    ] = Path("study.html"),
    judges: Annotated[int, typer.Option("--judges", min=1, max=1000, metavar="N", help="How many judge.")] = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, max=o.MAX_SEED, help="Another seed, other letters.")] = 0,
    sheets: Annotated[
        bool, typer.Option("--sheets", help="Contact sheets instead of videos, in the pages and as PNG.")
    ] = False,
    film: Annotated[Path | None, typer.Option("--film", readable=False, help="Where the film is now.")] = None,
    force: o.ForceOption = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Write a page for each judge, with the trailers under shuffled letters, and the key that tells which is which."""
    from trailergen.report.jury.entries import LETTERS, read_entries
    from trailergen.report.jury.key import make_key
    from trailergen.report.jury.questions import QUESTIONS
    from trailergen.report.jury.seen import see
    from trailergen.report.jury.study import Places, claim_study, write_key, write_sheets

    shop = o.workshop(cache_dir, progress)
    entries = read_entries(shop, trailers)
    places = Places(output)
    o.check_output(output, ".html", inputs=tuple(trailers))
    claim_study(places, judges, LETTERS[: len(entries)], sheets, force)
    key = make_key(entries, QUESTIONS, judges, seed)
    if sheets:
        sightings = {number: see(shop, entry, film) for number, entry in enumerate(entries)}
        for path in write_sheets(places, key, sightings):
            print(path)
    write_key(places, key)
    print(places.key)
