"""The options of every command that renders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from trailergen.render.video import RenderSettings


class Preset(StrEnum):
    """Speeds of x264, fastest first."""

    ultrafast = "ultrafast"
    superfast = "superfast"
    veryfast = "veryfast"
    faster = "faster"
    fast = "fast"
    medium = "medium"
    slow = "slow"
    slower = "slower"
    veryslow = "veryslow"


@dataclass(frozen=True)
class RenderOptions:
    """How the trailer is encoded."""

    crf: Annotated[int, typer.Option(min=0, max=51, help="H.264 quality; lower is better and larger.")] = 18
    preset: Annotated[Preset, typer.Option(help="H.264 speed; slower is smaller.")] = Preset.medium

    def settings(self) -> RenderSettings:
        """The settings of a render."""
        from trailergen.render.video import RenderSettings

        return RenderSettings(self.crf, self.preset.value)
