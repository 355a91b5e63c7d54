"""The options of every command that renders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o

if TYPE_CHECKING:
    from trailergen.plans import Plan
    from trailergen.rendering.codec import RenderSettings
    from trailergen.session import Session


class Preset(StrEnum):
    """Speeds of x264 and x265, fastest first."""

    ultrafast = "ultrafast"
    superfast = "superfast"
    veryfast = "veryfast"
    faster = "faster"
    fast = "fast"
    medium = "medium"
    slow = "slow"
    slower = "slower"
    veryslow = "veryslow"


class CodecName(StrEnum):
    """What plays everywhere, what is smaller and deeper, and what is cut further."""

    h264 = "h264"
    hevc = "hevc"
    prores = "prores"


class Hdr(StrEnum):
    """What becomes of films of HDR or wide gamut."""

    sdr = "sdr"
    keep = "keep"


class ProRes(StrEnum):
    """Profiles of ProRes 422, smallest first."""

    proxy = "proxy"
    lt = "lt"
    standard = "standard"
    hq = "hq"


@dataclass(frozen=True)
class RenderOptions:
    """How the trailer is encoded."""

    codec: Annotated[
        CodecName, typer.Option(help="hevc keeps 10 bits; prores is for editors, in a .mov with 24 bit sound.")
    ] = CodecName.h264
    crf: Annotated[
        int | None,
        typer.Option(min=0, max=51, help="Quality, lower is better and larger; 18 for h264 and 20 for hevc if unsaid."),
    ] = None
    preset: Annotated[
        Preset | None, typer.Option(help="Speed of h264 and hevc, medium if unsaid; slower is smaller.")
    ] = None
    prores_profile: Annotated[ProRes | None, typer.Option(help="Quality of prores; hq if unsaid.")] = None
    hdr: Annotated[
        Hdr, typer.Option(help="sdr brings films of PQ, HLG or BT.2020 to BT.709; keep, for hevc and prores, does not.")
    ] = Hdr.sdr
    stems: Annotated[bool, typer.Option("--stems", help="Write music, film and lines as WAV beside the trailer.")] = (
        False
    )

    def settings(self) -> RenderSettings:
        """The settings of a render. Raises UsageError where options contradict each other."""
        from trailergen.errors import UsageError
        from trailergen.rendering.codec import CODECS, RenderSettings

        crf = CODECS[self.codec.value].crf
        if self.hdr is Hdr.keep and self.codec is CodecName.h264:
            raise UsageError(
                "--hdr keep does not go with h264", "its 8 bits are too few for HDR", "add --codec hevc, or prores"
            )
        if crf is None and (self.crf is not None or self.preset is not None):
            raise UsageError("--crf and --preset are not for prores", hint="--prores-profile sets its quality")
        if crf is not None and self.prores_profile is not None:
            raise UsageError(f"--prores-profile is not for {self.codec.value}", hint="add --codec prores")
        return RenderSettings(
            crf=self.crf if self.crf is not None else crf or 0,
            preset=(self.preset or Preset.medium).value,
            codec=self.codec.value,
            hdr=self.hdr.value,
            prores=(self.prores_profile or ProRes.hq).value,
        )

    def render(
        self, session: Session, plan: Plan, target: Path, *, film: Path | None, music: Path | None, force: bool
    ) -> None:
        """Render a plan with its stems, but not what is finished already.

        ``film`` and ``music`` are None where they still lie where the plan says. Raises OutputError for what would be
        replaced unasked, and whatever rendering raises.
        """
        from trailergen.api.outputs import write_stems
        from trailergen.audio.wav import stem_paths
        from trailergen.rendering.render import is_rendered, render_plan
        from trailergen.session import locate

        finished = not force and is_rendered(target, plan, self.settings())
        stems = stem_paths(target) if self.stems else []
        if finished:
            session.progress.note(f"{target} is finished already")
        elif (taken := [path for path in (target, *stems) if o.present(path)]) and not force:
            raise o.exists_error(taken[0])
        if finished and all(o.present(path) for path in stems):
            return
        film = locate(session, "film", film, plan.film.path, plan.film.sha256)
        music = locate(session, "music", music, plan.music.path, plan.music.sha256)
        if not finished:
            render_plan(session, plan, target, film, music, self.settings())
        if stems:
            write_stems(session, plan, target, film, music)
