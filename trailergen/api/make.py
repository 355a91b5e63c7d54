"""From a film and a piece of music to trailer, plan and storyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from trailergen.api.outputs import alone_with, check_output, claim_plan, exists_error, present, write_text
from trailergen.errors import UsageError
from trailergen.plans import dump_plan
from trailergen.settings.keywords import TrailerKeywords
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.render import Captions
from trailergen.settings.series import SeriesSettings
from trailergen.settings.tree import Settings

if TYPE_CHECKING:
    from trailergen.dialogue.narrators.endpoint import Endpoint
    from trailergen.plans import Plan
    from trailergen.session import Session


@dataclass(frozen=True)
class Made:
    """A trailer with the plan it was rendered from and the page that shows it. The files are there."""

    trailer: Path
    plan_path: Path
    storyboard: Path
    plan: Plan
    captions: Captions = "srt"

    @property
    def subtitles(self) -> Path | None:
        """The subtitles of the trailer's lines; None where it has none, or has them on its picture."""
        from trailergen.dialogue.heard import heard, subtitle_path

        return subtitle_path(self.trailer) if heard(self.plan) and self.captions == "srt" else None

    @property
    def files(self) -> tuple[Path, ...]:
        """All that was made."""
        return (self.trailer, self.plan_path, self.storyboard, *([self.subtitles] if self.subtitles else []))


@dataclass(frozen=True)
class Request:
    """The trailers that are asked of one film.

    Attributes:
        film, music: the inputs.
        output: the trailer, to whose name several lengths and variants add; None for FILM-trailer here.
        settings: of every trailer; their length is that of ``series``.
        series: the lengths and variants.
        language_model: that may choose the lines; None for the one that the environment names.
        force: replace results that are there.
        skip_existing: leave trailers that are there, whatever they were made from.
    """

    film: Path
    music: Path
    output: Path | None = None
    settings: Settings = field(default_factory=Settings)
    series: SeriesSettings = field(default_factory=SeriesSettings)
    language_model: LanguageModelSettings | None = None
    force: bool = False
    skip_existing: bool = False

    def __post_init__(self) -> None:
        if self.force and self.skip_existing:
            raise UsageError("--skip-existing leaves what --force replaces", hint="give one of them")

    @property
    def target(self) -> Path:
        """The trailer's file, before lengths and variants are added to its name."""
        return self.output or Path(f"{self.film.stem}-trailer{self.settings.render.kind.suffix}")

    def targets(self) -> dict[Path, Settings]:
        """The trailers to make, by their files. Raises UsageError for two of one name."""
        lengths: tuple[float | None, ...] = self.series.lengths or (self.settings.plan.length,)
        found: dict[Path, Settings] = {}
        for seconds in lengths:
            for variant in range(self.series.variants):
                name = self.target.stem + (f"-{seconds:g}s" if len(lengths) > 1 else "")
                name += f"-v{variant + 1}" if self.series.variants > 1 else ""
                path = self.target.with_name(name + self.target.suffix)
                if path in found:
                    raise UsageError(f"two trailers would be called {path}", hint="choose lengths that differ more")
                seed = self.settings.plan.seed + variant
                found[path] = replace(self.settings, plan=replace(self.settings.plan, length=seconds, seed=seed))
        return found


def make(
    film: Path | str,
    music: Path | str,
    output: Path | str | None = None,
    *,
    session: Session | None = None,
    settings: Settings | None = None,
    language_model: LanguageModelSettings | None = None,
    force: bool = False,
    **options: Unpack[TrailerKeywords],
) -> Made:
    """Make a trailer: the film cut to the music, the plan it was cut by, and a storyboard.

    After an interruption the same call continues; a finished trailer is left as it is.

    Args:
        film: any file ffmpeg can read.
        music: any file ffmpeg can read.
        output: the trailer, .mp4 or, with ProRes, .mov; by default FILM-trailer in the current folder. Plan and
            storyboard are put beside it.
        session: cache, progress and processor; a new one by default.
        settings: of the trailer; the default ones by default.
        language_model: that may choose the lines, see ``plan``.
        force: replace results that are there.
        options: settings by the names of the command line's options, as ``length=60``; they outrank ``settings``.

    Raises:
        TrailergenError: as ``plan`` and ``render``; OutputError for results that would be replaced.
    """
    from trailergen.session import Session

    request = Request(
        Path(film),
        Path(music),
        None if output is None else Path(output),
        (settings or Settings()).changed(**options),
        language_model=language_model,
        force=force,
    )
    ((_, made),) = make_series(session or Session(), request)
    if made is None:
        raise AssertionError("nothing is skipped unasked")
    return made


def make_series(session: Session, request: Request) -> Iterator[tuple[Path, Made | None]]:
    """Make the trailers of a request, one after another; yields each file and what was made, None if it was left.

    Everything that can be found out beforehand is found out before the first is made.

    Raises:
        TrailergenError: as ``make``.
    """
    from trailergen.api.plan import endpoint_of
    from trailergen.dialogue.heard import check_subtitle_path

    with session.limits():
        settings = request.settings
        settings.titles.require_text()
        suffix, subtitles = settings.render.kind.suffix, settings.narration.subtitles
        endpoint = endpoint_of(settings.narration.narrator, request.language_model)
        inputs = (request.film, request.music, *([subtitles] if subtitles else []))
        check_output(request.target, suffix, inputs)
        left: list[Path] = []
        wanted = request.targets()
        for path in wanted:
            for result, ending in (
                (path, suffix),
                (path.with_suffix(".plan.json"), ".json"),
                (path.with_suffix(".html"), ".html"),
            ):
                check_output(result, ending, inputs)
            if settings.render.captions == "srt":
                check_subtitle_path(path, None, subtitles)
            if present(path) and request.skip_existing:
                left.append(path)
            elif present(path) and not path.with_suffix(".plan.json").exists() and not request.force:
                raise exists_error(path)
        for path in left:
            session.progress.note(f"{path} exists, and is left")
            yield path, None
        made = [path for path in wanted if path not in left]
        for number, path in enumerate(made):
            with session.progress.about(path.name, number, len(made)):
                done = _make(session, request, wanted[path], path, endpoint)
            yield path, done


def _make(session: Session, request: Request, settings: Settings, target: Path, endpoint: Endpoint | None) -> Made:
    """One trailer with its plan and storyboard."""
    from trailergen.api.render import render_to
    from trailergen.dialogue.heard import tell_accents, tell_lines
    from trailergen.edit.plan import make_plan
    from trailergen.evaluation.planning.find import find_filler
    from trailergen.report.marks import claim_storyboard
    from trailergen.report.write import write_storyboard

    film, music = request.film, request.music
    plan_path, board = target.with_suffix(".plan.json"), target.with_suffix(".html")
    with alone_with(target, session):
        plan = make_plan(session, film, music, settings, endpoint, find_filler)
        tell_lines(plan, session.progress.note)
        tell_accents(plan, session.progress.note)
        claim_storyboard(board, plan, request.force)
        if claim_plan(plan_path, plan, request.force):
            write_text(plan_path, dump_plan(plan))
        render_to(session, plan, target, settings.render, film=film, music=music, force=request.force)
        write_storyboard(session, plan, plan_path, board, film=film, music=music, trailer=target)
    for line in plan.relaxed:
        session.progress.note(f"the film has too few shots for every wish: gave way on {line}")
    return Made(target, plan_path, board, plan, settings.render.captions)
