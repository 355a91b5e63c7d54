"""A revision told: what became of every position, line and card, of the sound and the music, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from trailergen.edit.bans import frames_without
from trailergen.edit.flags import by_hand
from trailergen.edit.revise.order import taken_along
from trailergen.edit.revise.request import Edits
from trailergen.plans import SAMPLE_RATE, Card, Line, Plan, Position
from trailergen.style.styles import Style

_SHOWN = 40
"""Letters of a line or a card, by which it is known."""


def changes(old: Plan, new: Plan, edits: Edits) -> list[str]:
    """Sentences about what a revision changed, position by position; empty where nothing did.

    Args:
        old: the plan that was revised.
        new: what came of it.
        edits: what was asked of the clips, by which the reasons are told.
    """
    told = _Told(old, new, edits)
    return [
        *told.trailer(),
        *_style(old, new),
        *told.positions(),
        *_lines(old, new),
        *_cards(old, new),
        *_transitions(old, new),
        *_sound(old, new),
    ]


@dataclass(frozen=True)
class _Told:
    """Both plans, and what lies between them."""

    old: Plan
    new: Plan
    edits: Edits

    @cached_property
    def before(self) -> dict[str, int]:
        """The position of the old plan by its name, which a clip keeps."""
        return {position.id: at for at, position in enumerate(self.old.positions)}

    @cached_property
    def by_hand(self) -> frozenset[int]:
        return taken_along(len(self.old.positions), self.edits.moves)

    def trailer(self) -> Iterator[str]:
        """Music and length."""
        if self.old.music.sha256 != self.new.music.sha256:
            yield f"music: {Path(self.old.music.path).name} -> {Path(self.new.music.path).name}"
        if self.old.sequence.frames != self.new.sequence.frames:
            yield f"length: {_length(self.old)} -> {_length(self.new)}"
        if _shape(self.old) != _shape(self.new):
            yield f"picture: {_shape(self.old)} -> {_shape(self.new)}"
        yield from _bans(self.old, self.new)
        known = {*by_hand(self.old)}
        yield from (f"flags of {line}" for line in by_hand(self.new) if line not in known)

    def positions(self) -> Iterator[str]:
        """Every position that is not as it was, and clips that are gone."""
        for at, after in enumerate(self.new.positions):
            was = self.before.get(after.id)
            if was is None:
                yield f"position {at}: shot {after.shot} ({'from the cut' if after.pinned else 'filled anew'})"
            elif what := self._what(was, at):
                yield f"position {at}: {what}"
        left = {position.id for position in self.new.positions}
        gone = [(at, entry) for at, entry in enumerate(self.old.positions) if entry.id not in left]
        if gone:
            named = ", ".join(f"{at} (shot {entry.shot})" for at, entry in gone)
            yield f"without a place now, of the old plan's positions: {named}"

    def _what(self, was: int, at: int) -> str:
        """The change of a position, empty where it is as it was."""
        before, after = self.old.positions[was], self.new.positions[at]
        if before.shot != after.shot:
            what = f"shot {before.shot} -> shot {after.shot}"
            reasons = [self._why_other(was, at, before)]
        else:
            what, reasons = f"shot {after.shot}", [*self._why_elsewhere(was, at), *_why_cut_anew(before, after)]
        if before.pinned != after.pinned:
            reasons.append("pinned" if after.pinned else "unpinned")
        return f"{what} ({', '.join(reasons)})" if reasons else ""

    def _why_other(self, was: int, at: int, before: Position) -> str:
        if was in self.edits.rerolls:
            return "re-rolled"
        if was in self.edits.refills:
            return "filled anew"
        if was in self.edits.swaps:
            return f"swapped for alternative {self.edits.swaps[was]}"
        if was in self.edits.chosen:
            return "chosen by --pin"
        ban = next((ban for ban in self.new.bans if ban.range.overlaps(before.source)), None)
        if ban is not None:
            return f"banned by {ban.why}"
        other = next((k for k, position in enumerate(self.new.positions) if position.shot == before.shot), None)
        if other is not None:
            return f"made room, position {other} shows shot {before.shot}"
        if was != at and self.edits.moves:
            return f"made room, shot {before.shot} is too short here"
        return f"shot {before.shot} is too short here"

    def _why_elsewhere(self, was: int, at: int) -> Iterator[str]:
        if was == at:
            return
        if was in self.by_hand:
            yield f"moved from {was}"
        else:
            yield f"from {was}, made room" if self.edits.moves else f"from {was}"


def _bans(old: Plan, new: Plan) -> Iterator[str]:
    """Film frames that are banned, and those that are not any more. What is left of a ban is none of its own."""
    for ban in new.bans:
        if not any(known.why == ban.why and known.range.overlaps(ban.range) for known in old.bans):
            yield f"never shown: film frames {ban.range.start} to {ban.range.end} ({ban.why})"
    for ban in old.bans:
        free = [ban.range]
        for still in new.bans:
            free = [rest for part in free for rest in frames_without(part, still.range)]
        yield from (f"may be shown again: film frames {part.start} to {part.end} ({ban.why})" for part in free)


def _why_cut_anew(before: Position, after: Position) -> Iterator[str]:
    """The part of its shot that a clip shows."""
    more = len(after.source) - len(before.source)
    if more:
        yield f"{abs(more)} frame{'s' if abs(more) > 1 else ''} {'longer' if more > 0 else 'shorter'}"
    elif before.source != after.source:
        yield "another part of it"


def _style(old: Plan, new: Plan) -> Iterator[str]:
    """The weights of the style's rules."""
    was, now = (Style.from_settings(plan.provenance.settings.get("style")) for plan in (old, new))
    before, after = ({**style.weights, "rules": style.rules, "model": style.model} for style in (was, now))
    for rule, weight in after.items():
        if (known := before.get(rule, 0.0)) != weight:
            yield f"weight of {rule}: {known:g} -> {weight:g}"


def _lines(old: Plan, new: Plan) -> Iterator[str]:
    """Lines that are gone, new, said at another time or at another level."""
    before, after = (
        {(line.text, line.source.start): line for line in (plan.narration.lines if plan.narration else [])}
        for plan in (old, new)
    )
    for key, line in before.items():
        if key not in after:
            yield f"line {_quoted(line.text)} is left out"
    for key, line in after.items():
        was = before.get(key)
        if was is None:
            yield f"line {_quoted(line.text)} is new, at {_at(line)}"
        elif was.record.start != line.record.start:
            yield f"line {_quoted(line.text)}: at {_at(was)} -> at {_at(line)}"
        elif was.gain != line.gain:
            yield f"line {_quoted(line.text)}: {was.gain:+.1f} dB -> {line.gain:+.1f} dB"


def _cards(old: Plan, new: Plan) -> Iterator[str]:
    """Cards that are gone, new, or at another place."""
    rate = float(new.sequence.rate)

    def named(plan: Plan) -> dict[tuple[str, str], Card]:
        return {(card.kind, card.label): card for card in plan.cards}

    before, after = named(old), named(new)
    for (kind, text), card in after.items():
        if (kind, text) not in before:
            yield f"{kind} {_quoted(text)} is new, at {card.record.start / rate:.2f} s"
        elif before[kind, text].record != card.record:
            yield f"{kind} {_quoted(text)}: at {card.record.start / rate:.2f} s for {len(card.record) / rate:.2f} s"
        if (kind, text) in before and (look := _look(card)) != (was := _look(before[kind, text])):
            yield f"{kind} {_quoted(text)}: {was} -> {look}"
    for kind, text in before:
        if (kind, text) not in after:
            yield f"{kind} {_quoted(text)} is left out"


def _look(card: Card) -> str:
    """The look of a card in words."""
    ground = "the picture" if card.over else card.background
    said = [f"{card.color} on {ground}"]
    said += [f"size {card.size:g}"] if card.size != 1 else []
    said += [f"logo {Path(card.logo).name}"] if card.logo else []
    return ", ".join(said)


def _transitions(old: Plan, new: Plan) -> Iterator[str]:
    """Dissolves and dips that are gone, new, or last as long as they did not."""

    def named(plan: Plan) -> dict[str, str]:
        return {each.position: f"{each.kind} of {len(each.record)} frames" for each in plan.transitions}

    before, after = named(old), named(new)
    at = {position.id: index for index, position in enumerate(new.positions)}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            where = f"position {at[name]}" if name in at else "a position that is gone"
            yield f"into {where}: {before.get(name, 'a cut')} -> {after.get(name, 'a cut')}"


def _sound(old: Plan, new: Plan) -> Iterator[str]:
    """The mix."""
    was, now = old.sound, new.sound
    named = {
        "loudness": (_loudness(old), _loudness(new)),
        "limiter": tuple("on" if sound.limit else "off" for sound in (was, now)),
        "accents": tuple("off" if sound.accents is None else "on" for sound in (was, now)),
        "heard of the film": (was.film, now.film),
        "sound track of the film": (_track(old), _track(new)),
        "music under lines": (f"-{was.ducking.depth:g} dB", f"-{now.ducking.depth:g} dB"),
    }
    yield from (f"{name}: {before} -> {after}" for name, (before, after) in named.items() if before != after)


def _loudness(plan: Plan) -> str:
    return "as the music is" if plan.sound.loudness is None else f"{plan.sound.loudness:g} LUFS"


def _track(plan: Plan) -> str:
    return "the best" if plan.sound.track is None else f"stream {plan.sound.track}"


def _length(plan: Plan) -> str:
    return f"{float(plan.sequence.frames / plan.sequence.rate):.2f} s ({len(plan.positions)} positions)"


def _shape(plan: Plan) -> str:
    sequence = plan.sequence
    return f"{sequence.width}x{sequence.height}" + (f" ({sequence.shape})" if sequence.shape else "")


def _at(line: Line) -> str:
    return f"{line.record.start / SAMPLE_RATE:.2f} s"


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f'"{flat if len(flat) <= _SHOWN else flat[: _SHOWN - 3] + "..."}"'
