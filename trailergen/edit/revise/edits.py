"""The changes of a plan's clips that an editor asks for: as options spell them, and as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from trailergen.edit.revise import spelling
from trailergen.edit.revise.texts import (
    Texts,
    read_bans,
    show_bans,
    show_pairs,
    show_pins,
    show_positions,
    show_shifts,
    show_weights,
    spelled,
    words,
)
from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option
from trailergen.settings.plan import MAX_SEED, Shape
from trailergen.settings.transitions import TransitionWish, check_transitions, read_transitions

if TYPE_CHECKING:
    from trailergen.plans import Ban, Plan

_CLIPS, _FILL = "Clips", "Filling"


@dataclass(frozen=True)
class Edits(Group):
    """Changes of a plan's clips, and what a revision takes away of its lines and cards.

    Positions are numbered as in the plan, from 0. The options that may be repeated hold the texts of the command line,
    as ``pin=("3", "12=shot:845")``; the properties give them as numbers.
    """

    panel: ClassVar[str] = _CLIPS

    pin: Texts = option(
        (),
        help="Positions that stay as they are, as 3 or 7,9-11. With a shot a position shows that one, as 12=shot:845.",
        unit="POSITIONS[=shot:N]",
        check=spelled("--pin", spelling.read_pins, show_pins),
    )
    unpin: Texts = option(
        (),
        help="Positions that need not stay any longer.",
        unit="POSITIONS",
        check=spelled("--unpin", spelling.read_positions, show_positions),
    )
    ban: Texts = option(
        (),
        help="A shot, as shot:17, or film time, as 0:00-0:30, that is never shown.",
        unit="shot:N|FROM-TO",
        check=spelled("--ban", read_bans, show_bans),
    )
    unban: Texts = option(
        (),
        help="A shot, as shot:17, or film time, as 0:00-0:30, that may be shown again.",
        unit="shot:N|FROM-TO",
        check=spelled("--unban", read_bans, show_bans),
    )
    unflag: Texts = option(
        (),
        help="Shots whose flags are overruled: they may be shown.",
        unit="SHOTS",
        check=spelled("--unflag", spelling.read_shots, show_positions),
    )
    reroll: Texts = option(
        (),
        help="Positions to be filled with other shots. The replaced ones are not offered there again.",
        unit="POSITIONS",
        check=spelled("--reroll", spelling.read_positions, show_positions),
    )
    refill: Texts = option(
        (),
        help="Positions to be filled anew, with the same shots where these still fit best.",
        unit="POSITIONS",
        check=spelled("--refill", spelling.read_positions, show_positions),
    )
    swap: Texts = option(
        (),
        help="Show the Nth alternative at a position, as 4:2.",
        unit="POSITION:N",
        check=spelled("--swap", spelling.read_pairs, show_pairs),
    )
    move: Texts = option(
        (),
        help="Take a clip to another position, as 7:3; those between make room.",
        unit="FROM:TO",
        check=spelled("--move", spelling.read_pairs, show_pairs),
    )
    exchange: Texts = option(
        (),
        help="Let two clips change places, as 3:7.",
        unit="ONE:OTHER",
        check=spelled("--exchange", spelling.read_pairs, show_pairs),
    )
    slip: Texts = option(
        (),
        help="Show a clip so many frames later or earlier in its shot, as 4:+12.",
        unit="POSITION:FRAMES",
        check=spelled("--slip", spelling.read_shifts, show_shifts),
    )
    roll: Texts = option(
        (),
        help="Let a clip end so many frames later or earlier, and the next begin there, as 4:-6.",
        unit="POSITION:FRAMES",
        check=spelled("--roll", spelling.read_shifts, show_shifts),
    )
    weight: Texts = option(
        (),
        help="The weight of a rule of the style, as act=2, for what is filled from now on.",
        unit="RULE=N",
        panel=_FILL,
        check=spelled("--weight", spelling.read_weights, show_weights),
    )
    more: Texts = option(
        (),
        help="Words that what is filled anew shall resemble. Needs an OpenCLIP model.",
        unit="WORDS",
        panel=_FILL,
        check=words,
    )
    less: Texts = option(
        (), help="Words that what is filled anew shall not resemble.", unit="WORDS", panel=_FILL, check=words
    )
    drop_line: Texts = option(
        (),
        help="Lines to be taken away, numbered from 0.",
        unit="LINES",
        panel="Lines",
        check=spelled("--drop-line", spelling.read_positions, show_positions),
    )
    no_cards: bool = option(False, help="Take the cards of the plan away.", panel="Cards")
    music: Path | None = option(None, help="Cut to other music.", unit="TRACK", short="m", default_text="the plan's")
    length: float | None = option(
        None,
        help="Length of the trailer. The part of the music that suits best is taken.",
        unit="SECONDS",
        least=2,
        default_text="the plan's, or all of other music",
    )
    cut: Path | None = option(
        None,
        name="from",
        help="An editor's timeline (.edl, .otio, .xml, .fcpxml, .mlt, .kdenlive, .aaf), whose clips take the place of "
        "the plan's and whose holes are filled.",
        unit="CUT",
    )
    transitions: tuple[TransitionWish, ...] = option(
        (),
        help="A dissolve or a dip to black of so many frames where a position begins, as 7, or at every act's turn; "
        "cut@7 is none.",
        name="transition",
        unit="KIND:FRAMES@PLACE",
        example="dissolve:12@act",
        read=read_transitions,
        write=str,
        check=check_transitions,
    )
    no_transitions: bool = option(False, help="Take the transitions of the plan away.")
    shape: Shape | None = option(
        None,
        help="Another shape of the picture, width to height.",
        panel="Trailer",
        default_text="the plan's",
    )
    seed: int | None = option(
        None, help="Random seed.", unit="N", least=0, most=MAX_SEED, panel=_FILL, default_text="the plan's"
    )

    @classmethod
    def of(cls, **given: Any) -> Edits:
        """Edits by their fields, from numbers, too: ``Edits.of(pin={12: 845}, reroll=[7, 9], swap={4: 2}, ban=17)``.

        Raises:
            UsageError: a value is none that is allowed, or edits contradict each other.
        """
        return cls(**given)

    def check(self) -> None:
        """Raises UsageError for an editor's cut beside other changes of the clips."""
        clips = (
            self.pin,
            self.unpin,
            self.reroll,
            self.refill,
            self.swap,
            self.move,
            self.exchange,
            self.slip,
            self.roll,
        )
        if self.cut and any((*clips, self.music, self.length)):
            raise UsageError(
                "--from gives all the clips", hint="revise the plan it makes; only --ban, --more, --less here"
            )

    @cached_property
    def pins(self) -> Mapping[int, int | None]:
        """Positions that stay, and the shot each shall show, None for the one it shows."""
        return {at: shot for text in self.pin for at, shot in spelling.read_pins(text).items()}

    @cached_property
    def chosen(self) -> Mapping[int, int]:
        """The shots that pins name, by position."""
        return {at: shot for at, shot in self.pins.items() if shot is not None}

    @cached_property
    def unpins(self) -> frozenset[int]:
        """Positions that need not stay any longer."""
        return _numbers(self.unpin)

    @cached_property
    def rerolls(self) -> frozenset[int]:
        """Positions to be filled with other shots."""
        return _numbers(self.reroll)

    @cached_property
    def unflags(self) -> tuple[int, ...]:
        """Numbers of shots whose flags are overruled."""
        return tuple(sorted({number for text in self.unflag for number in spelling.read_shots(text)}))

    @cached_property
    def swaps(self) -> Mapping[int, int]:
        """Positions that shall show one of their alternatives, counted from 1."""
        return {at: number for text in self.swap for at, number in spelling.read_pairs(text)}

    @cached_property
    def moves(self) -> tuple[tuple[int, int], ...]:
        """(from, to), one after the other: the clip goes there, those between make room.

        Two clips that change places are two moves, after which those between are where they were.
        """
        found = [pair for text in self.move for pair in spelling.read_pairs(text)]
        for one, other in (sorted(pair) for text in self.exchange for pair in spelling.read_pairs(text)):
            found += [(one, other), (other - 1, one)] if other - one > 1 else [(one, other)]
        return tuple(found)

    @cached_property
    def refills(self) -> frozenset[int]:
        """Positions to be filled anew, perhaps as they were."""
        return _numbers(self.refill)

    @cached_property
    def slips(self) -> Mapping[int, int]:
        """Frames by which clips begin later in the film, by position."""
        return {at: frames for text in self.slip for at, frames in spelling.read_shifts(text)}

    @cached_property
    def rolls(self) -> Mapping[int, int]:
        """Frames by which clips end later in the trailer, and the next ones begin, by position."""
        return {at: frames for text in self.roll for at, frames in spelling.read_shifts(text)}

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Weights of rules of the style, by name."""
        return {rule: weight for text in self.weight for rule, weight in spelling.read_weights(text)}

    @cached_property
    def dropped_lines(self) -> frozenset[int]:
        """Numbers of lines that are taken away."""
        return _numbers(self.drop_line)

    def bans(self, plan: Plan) -> tuple[Ban, ...]:
        """Film frames that must not appear: shots first. Raises UsageError for what the plan's film does not have."""
        return _bans(plan, self.ban, "--ban")

    def unbans(self, plan: Plan) -> tuple[Ban, ...]:
        """Film frames that may appear again, as if they were bans. Raises UsageError as ``bans``."""
        return _bans(plan, self.unban, "--unban")


def _bans(plan: Plan, texts: Texts, flag: str) -> tuple[Ban, ...]:
    from trailergen.edit.bans import range_bans, shot_ban

    found = [ban for text in texts for ban in read_bans(text)]
    shots = (shot_ban(plan, ban, flag) for ban in found if isinstance(ban, int))
    return (*shots, *range_bans([ban for ban in found if not isinstance(ban, int)], None, plan.film, flag))


def _numbers(texts: Texts) -> frozenset[int]:
    return frozenset(number for text in texts for number in spelling.read_positions(text))
