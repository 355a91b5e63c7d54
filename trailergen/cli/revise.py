"""``trailergen revise``: a plan changed where an editor asks for it, re-thought around what stays."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, Without, spread
from trailergen.errors import UsageError
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.group import Changes
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.plan import PlanSettings, TimeRange, read_ranges
from trailergen.settings.sound import SoundSettings
from trailergen.settings.titles import TitleSettings

Texts = list[str] | None


@spread
def revise(
    plan: o.PlanArgument,
    *,
    output: o.OutputOption = None,
    pin: Annotated[
        Texts, typer.Option("--pin", metavar="POSITIONS[=shot:N]", help="Must stay, or show shot N.")
    ] = None,
    unpin: Annotated[Texts, typer.Option("--unpin", metavar="POSITIONS", help="Need not stay any longer.")] = None,
    ban: Annotated[
        Texts, typer.Option("--ban", metavar="shot:N|FROM-TO", help="A shot, or film time, never shown.")
    ] = None,
    reroll: Annotated[Texts, typer.Option("--reroll", metavar="POSITIONS", help="Fill with other shots.")] = None,
    swap: Annotated[Texts, typer.Option("--swap", metavar="POSITION:N", help="Show the Nth alternative there.")] = None,
    move: Annotated[Texts, typer.Option("--move", metavar="FROM:TO", help="Take a clip to another position.")] = None,
    music: Annotated[
        Path | None, typer.Option("--music", "-m", metavar="TRACK", readable=False, help="Cut to other music.")
    ] = None,
    cut: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="CUT", readable=False, help="An editor's timeline (.edl, .otio, .xml): fill its holes."
        ),
    ] = None,
    more: Annotated[Texts, typer.Option("--more", metavar="WORDS", help="Fill with what looks like this.")] = None,
    less: Annotated[Texts, typer.Option("--less", metavar="WORDS", help="Fill with what does not.")] = None,
    model: Annotated[Changes[PlanSettings], Only("length", "checkpoint", "seed")],
    titles: Changes[TitleSettings],
    sound: Changes[SoundSettings],
    narration: Changes[NarrationSettings],
    language_model: LanguageModelSettings,
    drop_line: Annotated[
        Texts, typer.Option("--drop-line", metavar="LINES", help="Take lines away, numbered from 0.")
    ] = None,
    no_cards: Annotated[bool, typer.Option("--no-cards", help="Take the cards of the plan away.")] = False,
    film: o.FilmOption = None,
    machine: Annotated[MachineSettings, Without("hwaccel")],
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Change a plan and fill the rest around what stays; writes a new plan and keeps the old one.

    POSITIONS are numbers from 0 as in the plan, e.g. 7,9-11. Options may be repeated. With other music or another
    length, clips that fit are kept and the others are filled anew. With --from, the clips of a timeline take the
    place of the plan's. --more and --less need an OpenCLIP model.
    """
    from trailergen.api.plan import endpoint_of
    from trailergen.dialogue.revise import LineWishes
    from trailergen.edit import revision
    from trailergen.edit.requests import Wishes, shot_ban
    from trailergen.edit.titles import Titles
    from trailergen.plans import dump_plan, read_plan

    session = o.open_session(machine, progress)
    length, lines = model.values.get("length"), narration.apply(NarrationSettings())
    old = read_plan(plan)
    target = output or _next_name(plan)
    o.check_output(target, ".json", inputs=(plan,))
    if o.present(target) and not force:
        raise o.exists_error(target)
    shots = [text for text in _split(ban) if text.startswith("shot:")]
    ranges = [text for text in _split(ban) if not text.startswith("shot:")]
    pins: dict[int, int | None] = {}
    for text in _split(pin):
        where, _, shot = text.partition("=")
        pins |= dict.fromkeys(_positions([where]), _shot(shot) if shot else None)
    wishes = Wishes(
        pin=pins,
        unpin=frozenset(_positions(_split(unpin))),
        reroll=frozenset(_positions(_split(reroll))),
        swap=dict(_pair("--swap", text) for text in _split(swap)),
        move=tuple(_pair("--move", text) for text in _split(move)),
        bans=(*(shot_ban(old, _shot(text)) for text in shots), *revision.time_bans(old, _ranges(ranges))),
    )
    given = {"pin": pin, "unpin": unpin, "ban": ban, "reroll": reroll, "swap": swap, "move": move}
    given |= {"more": more, "less": less, "drop-line": drop_line}
    asked = [f"--{name} {text}" for name, texts in given.items() for text in texts or []]
    asked += [text for group in (sound, narration, titles) for text in group.remembered()] + ["--no-cards"] * no_cards
    asked += [f"--music {music.name}"] if music else []
    asked += [f"--length {length:g}"] if length else []
    asked += [f"--from {cut.name}"] if cut else []
    asked = [text.encode(errors="replace").decode() for text in asked]  # names that are no text
    if cut and any((pin, unpin, reroll, swap, move, music, length)):
        raise UsageError("--from gives all the clips", hint="revise the plan it makes; only --ban, --more, --less here")
    made = revision.revise_plan(
        session,
        old,
        wishes,
        asked,
        titles=Titles.asked(titles.apply(TitleSettings()), no_cards),
        sound=sound.values,
        lines=LineWishes(
            drop=frozenset(_positions(_split(drop_line))),
            anew=lines if narration else None,
            endpoint=endpoint_of(lines.narrator, language_model),
        ),
        cut=cut,
        more=more or (),
        less=less or (),
        film=film,
        music=music,
        length=length,
        checkpoint=model.values.get("checkpoint"),
        seed=model.values.get("seed"),
    )
    o.write_text(target, dump_plan(made))
    before = {position.shot for position in old.positions}
    changed = sum(position.shot not in before for position in made.positions)
    session.progress.note(f"{changed} of {len(made.positions)} shots are new")
    print(target)


def _next_name(plan: Path) -> Path:
    """The plan's name with the next number that is free."""
    stem = plan.name.removesuffix(".json").removesuffix(".plan")
    base, dash, number = stem.rpartition("-")
    base, first = (base, int(number) + 1) if dash and number.isdecimal() else (stem, 2)
    while o.present(path := plan.with_name(f"{base}-{first}.plan.json")):
        first += 1
    return path


def _split(texts: Texts) -> list[str]:
    return [part.strip() for text in texts or [] for part in text.split(",")]


def _ranges(texts: list[str]) -> list[TimeRange]:
    """Raises UsageError."""
    found: list[TimeRange] = []
    for text in texts:
        try:
            found += read_ranges(text)
        except UsageError as error:
            raise UsageError(f"--ban {text!r} {error.what}", error.why, error.hint) from error
    return found


def _positions(texts: list[str]) -> list[int]:
    """``7`` and ``9-11`` as numbers. Raises UsageError."""
    found: list[int] = []
    for text in texts:
        first, dash, last = text.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or (dash and int(last) < int(first)):
            raise UsageError(f"{text!r} is no position", hint="write it like 7 or 9-11")
        found += range(int(first), int(last if dash else first) + 1)
    return found


def _shot(text: str) -> int:
    number = text.removeprefix("shot:")
    if not text.startswith("shot:") or not number.isdecimal():
        raise UsageError(f"{text!r} is no shot", hint="write it like shot:845")
    return int(number)


def _pair(option: str, text: str) -> tuple[int, int]:
    first, colon, second = text.partition(":")
    if not (colon and first.isdecimal() and second.isdecimal()):
        raise UsageError(f"{option} {text!r} is not two numbers", hint="write it like 4:2")
    return int(first), int(second)
