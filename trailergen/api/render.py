"""From a plan to a film file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from trailergen.api.outputs import alone_with, check_output, exists_error, plan_stem, present, write_text
from trailergen.plans import Plan, read_plan
from trailergen.settings.keywords import RenderKeywords
from trailergen.settings.render import RenderSettings

if TYPE_CHECKING:
    from trailergen.session import Session
    from trailergen.settings.plan import Shape
    from trailergen.settings.titles import Ground


def render(
    plan: Plan | Path | str,
    output: Path | str | None = None,
    *,
    film: Path | str | None = None,
    music: Path | str | None = None,
    session: Session | None = None,
    settings: RenderSettings | None = None,
    force: bool = False,
    shape: Shape | None = None,
    title_over: Ground | None = None,
    **options: Unpack[RenderKeywords],
) -> Path:
    """Render and verify a plan; what is finished already is left as it is.

    Its stems are put beside it if they are asked for, and its lines as subtitles (.srt) if it has any.

    Args:
        plan: a plan or its file.
        output: the trailer; by default the plan's name, or the film's, with the codec's suffix, in the current folder.
        film: where the film is now, if not where the plan says.
        music: where the music is now, if not where the plan says.
        session: cache and progress; a new one by default.
        settings: codec and quality; the default ones by default.
        force: replace what lies there.
        shape: of the picture, another than the plan's; the plan stays as it is.
        title_over: the title and cards on black or over the picture; the plan stays as it is.
        options: fields of ``RenderSettings``, as ``codec="hevc"``; they outrank ``settings``.

    Returns:
        the trailer's path.

    Raises:
        InputError: the film or the music is not there, is another, or cannot be read.
        OutputError: something else lies there, or it cannot be written.
        UsageError: settings contradict each other.
        FFmpegError: ffmpeg is missing or failed, or what came out is not what the plan says.
    """
    from trailergen.session import Session

    session = session or Session()
    wanted = replace(settings or RenderSettings(), **options)
    known = plan if isinstance(plan, Plan) else read_plan(Path(plan))
    name = f"{Path(known.film.path).stem}-trailer" if isinstance(plan, Plan) else plan_stem(Path(plan))
    target = Path(output or f"{name}{wanted.kind.suffix}")
    inputs = [Path(film or known.film.path), Path(music or known.music.path)]
    inputs += [] if isinstance(plan, Plan) else [Path(plan)]
    check_output(target, wanted.kind.suffix, inputs)
    with session.limits(), alone_with(target, session):
        known = known if title_over is None else _over(known, title_over)
        known = known if shape is None else _shaped(session, known, Path(film) if film else None, shape)
        render_to(
            session,
            known,
            target,
            wanted,
            film=Path(film) if film else None,
            music=Path(music) if music else None,
            force=force,
        )
    return target


def _over(plan: Plan, ground: Ground) -> Plan:
    """The plan with its title and cards on black or over the picture. Raises PlanError where one does not fit there."""
    from trailergen.edit.look import with_look
    from trailergen.rendering.design import check_fit
    from trailergen.settings.titles import TitleSettings

    cards = with_look(plan.cards, TitleSettings(title_over=ground))
    for card in cards:
        check_fit(card, plan.sequence.width, plan.sequence.height)
    return plan.model_copy(update={"cards": cards})


def _shaped(session: Session, plan: Plan, film: Path | None, shape: Shape) -> Plan:
    """The plan in another shape. Raises InputError, and PlanError where a card does not fit it."""
    from trailergen.edit.shape import shape_plan
    from trailergen.edit.titles import put_cards
    from trailergen.session import locate
    from trailergen.settings.titles import TitleSettings
    from trailergen.settings.tree import Settings
    from trailergen.stages import probe

    if shape == (plan.sequence.shape or "film"):
        return plan
    found = locate(session, "film", film, plan.film.path, plan.film.sha256)
    info = probe(session, found, plan.film.sha256, plan.film.in_order)
    height = Settings.from_provenance(plan.provenance.settings).plan.height
    shaped = shape_plan(session, plan, info, shape, height)
    put_cards(plan, shaped, TitleSettings())
    return shaped


def render_to(
    session: Session,
    plan: Plan,
    target: Path,
    settings: RenderSettings,
    *,
    film: Path | None,
    music: Path | None,
    force: bool,
) -> None:
    """Render a plan with its stems and the subtitles of its lines, but not what is finished already.

    ``film`` and ``music`` are None where they still lie where the plan says. Raises OutputError for what would be
    replaced unasked, and whatever rendering raises.
    """
    from trailergen.audio.wav import stem_paths
    from trailergen.dialogue.heard import as_subrip, check_subtitle_path, heard, subtitle_path
    from trailergen.rendering.render import is_rendered, render_plan
    from trailergen.session import locate

    subtitles = [subtitle_path(target)] if heard(plan) and settings.captions == "srt" else []
    if subtitles:
        check_subtitle_path(target, plan)
    settings.check_cards(any(card.over or not card.is_plain for card in plan.cards))
    finished = not force and is_rendered(target, plan, settings)
    stems = stem_paths(target, plan) if settings.stems else []
    if finished:
        session.progress.note(f"{target} is finished already")
    elif (taken := [path for path in (target, *stems, *subtitles) if present(path)]) and not force:
        raise exists_error(taken[0])
    if not finished or not all(present(path) for path in stems):
        film = locate(session, "film", film, plan.film.path, plan.film.sha256)
        music = locate(session, "music", music, plan.music.path, plan.music.sha256)
        if not finished:
            render_plan(session, plan, target, film, music, settings)
        if stems:
            _write_stems(session, plan, target, film, music)
    if subtitles and not (finished and present(subtitles[0])):
        write_text(subtitles[0], as_subrip(plan))
    _tell_loudness(session, plan, target)


def _tell_loudness(session: Session, plan: Plan, trailer: Path) -> None:
    """Say of a finished trailer that it is not as loud as its plan asks for, and why."""
    from trailergen.audio.measured import missed
    from trailergen.stages import measure_sound

    if plan.sound.loudness is not None and (line := missed(plan.sound, measure_sound(session, trailer))):
        session.progress.note(line)


def _write_stems(session: Session, plan: Plan, trailer: Path, film: Path, music: Path) -> None:
    """Write the stems of a trailer beside it. Raises InputError and OutputError."""
    from trailergen.audio import wav
    from trailergen.audio.mix import mix
    from trailergen.stages import probe

    paths = wav.stem_paths(trailer, plan)
    with session.progress.stage("stems", len(paths)) as tick:
        wav.write_stems(mix(plan, music, probe(session, film, plan.film.sha256, plan.film.in_order)), trailer)
        tick(len(paths))
