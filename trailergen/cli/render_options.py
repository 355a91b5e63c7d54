"""The options of every command that renders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o

if TYPE_CHECKING:
    from trailergen.pipeline import Workshop
    from trailergen.plan import Plan
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
    stems: Annotated[bool, typer.Option("--stems", help="Write music, film and lines as WAV beside the trailer.")] = (
        False
    )

    def settings(self) -> RenderSettings:
        """The settings of a render."""
        from trailergen.render.video import RenderSettings

        return RenderSettings(self.crf, self.preset.value)

    def render(
        self, shop: Workshop, plan: Plan, target: Path, *, film: Path | None, music: Path | None, force: bool
    ) -> None:
        """Render a plan with its stems, but not what is finished already.

        ``film`` and ``music`` are None where they still lie where the plan says. Raises OutputError for what would be
        replaced unasked, and whatever rendering raises.
        """
        from trailergen import pipeline
        from trailergen.render.stems import stem_paths

        finished = not force and pipeline.is_rendered(target, plan)
        stems = stem_paths(target) if self.stems else []
        if finished:
            shop.progress.note(f"{target} is finished already")
        elif (taken := [path for path in (target, *stems) if o.present(path)]) and not force:
            raise o.exists_error(taken[0])
        if finished and all(o.present(path) for path in stems):
            return
        film = pipeline.locate(shop, "film", film, plan.film.path, plan.film.sha256)
        music = pipeline.locate(shop, "music", music, plan.music.path, plan.music.sha256)
        if not finished:
            pipeline.render_plan(shop, plan, target, film, music, self.settings())
        if stems:
            pipeline.write_stems(shop, plan, target, film, music)
