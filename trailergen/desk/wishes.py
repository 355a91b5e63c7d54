"""The requests of the page, typed: each field is the option of ``trailergen revise`` of that name."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trailergen.desk.files import Files
from trailergen.edit.revise.request import EditRequest
from trailergen.errors import UsageError
from trailergen.settings.plan import Shape
from trailergen.settings.titles import NO_LOGO, Ground


class Asked(BaseModel):
    """What every request says: ``base`` is the number of the revision that the page shows."""

    model_config = ConfigDict(extra="forbid", strict=True)

    base: int = Field(ge=0)


class Wishes(Asked):
    """A change of the plan. Positions and shots are numbers; ``track`` and ``logo`` are ids of files that the desk
    knows, never paths; an empty ``logo`` is none."""

    reroll: list[int] = []
    refill: list[int] = []
    pin: dict[int, int | None] = {}
    unpin: list[int] = []
    ban: list[int] = []
    unban: list[str] = []
    unflag: list[int] = []
    swap: dict[int, int] = {}
    move: list[tuple[int, int]] = []
    exchange: list[tuple[int, int]] = []
    slip: dict[int, int] = {}
    roll: dict[int, int] = {}
    weight: dict[str, float] = {}
    more: list[str] = []
    less: list[str] = []
    drop_line: list[int] = []
    narration: int | Literal["auto", "off"] | None = None
    title: str | None = Field(default=None, max_length=500)
    end_card: str | None = Field(default=None, max_length=500)
    card: list[tuple[str, str]] = []
    no_cards: bool = False
    title_over: Ground | None = None
    card_size: float | None = None
    card_color: str | None = Field(default=None, max_length=40)
    card_background: str | None = Field(default=None, max_length=40)
    logo: str | None = None
    film_audio: Literal["none", "lines", "low", "full"] | None = None
    loudness: float | Literal["off"] | None = None
    duck: float | None = None
    transition: list[str] = []
    no_transitions: bool = False
    shape: Shape | None = None
    length: float | None = None
    track: str | None = None
    seed: int | None = None

    def request(self, files: Files) -> EditRequest:
        """The request to ``edit/revise``; ``files`` are those that may be chosen.

        Raises:
            UsageError: a value is none that is allowed, there is no such file, or edits contradict each other.
        """
        given = {
            name: getattr(self, name)
            for name in self.model_fields_set - {"base", "track", "logo"}
            if getattr(self, name) is not None
        }
        if given.get("loudness") == "off":
            given["loudness"] = None
        if self.track is not None:
            if self.track not in files.tracks:
                raise UsageError("the desk knows no such piece of music", hint="put it beside the plan's music")
            given["music"] = files.tracks[self.track]
        if self.logo is not None:
            if self.logo and self.logo not in files.logos:
                raise UsageError("the desk knows no such logo", hint="put it beside the plan, and open the desk again")
            given["logo"] = files.logos[self.logo] if self.logo else NO_LOGO
        return EditRequest.of(**{name: _spelled(value) for name, value in given.items()})


class Step(Asked):
    """Undo, redo, or another revision."""

    to: Literal["undo", "redo"] | int


class Finish(Asked):
    """A file made of the plan: the trailer, or a timeline in a format of ``trailergen export``."""

    make: Literal["plan", "render", "export", "storyboard"]
    codec: Literal["h264", "hevc", "prores"] = "h264"
    to: str = "otio"


def _spelled(value: Any) -> Any:
    """JSON has strings as keys where numbers are meant; pydantic has made them numbers again."""
    return tuple(value) if isinstance(value, list) else value
