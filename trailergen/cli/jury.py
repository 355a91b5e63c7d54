"""``trailergen jury``: people judge trailers blind, and what they said is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from trailergen.api import outputs
from trailergen.cli import options as o
from trailergen.cli.command import Commands
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.jury import JurySettings
from trailergen.settings.machine import MachineSettings

_ABOUT = "Have trailers judged blind, as in the paper's user study. `jury PLAN...` is short for `jury study PLAN...`."


class _StudyFirst(Commands):
    """``jury PLAN...`` is ``jury study PLAN...``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["study", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_StudyFirst, help=_ABOUT, no_args_is_help=True)


@app.command("study")
@spread
def write_pages(
    trailers: Annotated[
        list[Path],
        typer.Argument(metavar="PLAN_OR_VIDEO...", readable=False, help="Two or more trailers of one film."),
    ],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Name of the files: study-1.html, ...")
    ] = Path("study.html"),
    study: JurySettings,
    film: o.FilmOption = None,
    music: o.MusicNowOption = None,
    force: o.ForceOption = False,
    machine: Annotated[MachineSettings, Only("cache_dir")],
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Write a page for each judge, with the trailers under shuffled letters, and the key that tells which is which.

    A page plays the trailers, encoded small and alike, and needs no network; plans without a render beside them are
    rendered for it. The judges' pages save their answers as judge-N.json, for `jury score`.
    """
    from trailergen.report.jury.entries import LETTERS, read_entries, read_official
    from trailergen.report.jury.key import make_key
    from trailergen.report.jury.questions import QUESTIONS, read_questions
    from trailergen.report.jury.study import Places, claim_study, write_study

    asked = QUESTIONS if study.questions is None else read_questions(study.questions)
    session = o.open_session(machine, progress)
    entries = read_entries(session, trailers)
    known = None if study.official is None else read_official(session, study.official)
    places = Places(output)
    outputs.check_output(output, ".html", inputs=tuple(trailers))
    claim_study(places, study.judges, LETTERS[: len(entries)], study.sheets, force)
    key = make_key(entries, asked, study.judges, study.seed)
    height = None if study.sheets else study.height
    for path in write_study(session, places, key, entries, known, study.title, height, film, music):
        print(path)


@app.command("score")
def score(
    key: Annotated[Path, typer.Argument(metavar="KEY", readable=False, help="study.key.json, as `jury` wrote it.")],
    answers: Annotated[
        list[Path], typer.Argument(metavar="ANSWERS...", readable=False, help="judge-1.json, ... as the pages save it.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.json", help="Write all that is found there.")
    ] = None,
    plot: Annotated[
        list[Path] | None, typer.Option("--plot", metavar="FILE", help="Draw a radar chart, .png or .svg; repeat.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    force: o.ForceOption = False,
) -> None:
    """Count what the judges said: means with 95 % intervals, who was put above whom, and their remarks."""
    from json import dumps

    from trailergen.report.jury.answers import read_answers
    from trailergen.report.jury.key import read_key
    from trailergen.report.jury.radar import check_plot, draw_radar
    from trailergen.report.jury.scores import score
    from trailergen.report.jury.table import score_table

    charts = plot or []
    for chart in charts:
        check_plot(chart)
        outputs.check_output(chart, chart.suffix.lower(), inputs=(key, *answers))
    if output is not None:
        outputs.check_output(output, ".json", inputs=(key, *answers))
    for path in (*charts, *([output] if output else [])):
        if outputs.present(path) and not force:
            raise outputs.exists_error(path)
    opened = read_key(key)
    found = score(opened, read_answers(opened, answers))
    text = dumps(found.as_json(), indent=1)
    print(text if json else score_table(found, opened.questions))
    if output is not None:
        outputs.write_text(output, text + "\n")
    for chart in charts:
        draw_radar(chart, found, opened.questions)
