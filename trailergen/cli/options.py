"""Arguments and options that several commands share beside the groups of settings, and the session of a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.runtime.device import Device
from trailergen.runtime.models import Models
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings

if TYPE_CHECKING:
    from trailergen.session import Session

# If a file can be read is for the code that reads it to say: exit code 3, not 2.
FilmArgument = Annotated[
    Path, typer.Argument(metavar="FILM", readable=False, help="The film: any file ffmpeg can read.")
]
TrackArgument = Annotated[
    Path, typer.Argument(metavar="TRACK", readable=False, help="The music: any file ffmpeg can read.")
]
PlanArgument = Annotated[
    Path, typer.Argument(metavar="PLAN", readable=False, help="A plan file, as `plan` or `make` writes it.")
]
MusicOption = Annotated[
    Path, typer.Option("--music", "-m", metavar="TRACK", readable=False, help="The music under the trailer.")
]
FilmOption = Annotated[
    Path | None,
    typer.Option("--film", metavar="FILE", readable=False, help="The film, if it is not where the plan says."),
]
MusicNowOption = Annotated[
    Path | None,
    typer.Option("--music", "-m", metavar="FILE", readable=False, help="The music, if it is not where the plan says."),
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file that is written.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace results that exist.")]
SkipExistingOption = Annotated[
    bool, typer.Option("--skip-existing", help="Leave trailers that exist, whatever they were made from.")
]
ProgressOption = Annotated[
    ProgressKind, typer.Option("--progress", metavar="auto|bar|plain|json|none", help="Progress on the standard error.")
]


DeviceOption = Annotated[Device, typer.Option("--device", metavar="auto|cpu|cuda", help="Where the models run.")]


def open_session(machine: MachineSettings, progress: ProgressKind, models: Models | None = None) -> Session:
    """The cache, display and processor of this process's run, and the models that are loaded already."""
    from trailergen.runtime.threads import limit_threads

    limit_threads(machine.threads)
    if machine.offline:
        from trailergen.runtime.offline import forbid_network

        forbid_network()
    from trailergen.runtime.progress import Progress
    from trailergen.session import Session

    return Session(machine.cache_dir, Progress(progress), machine.device, machine.hwaccel, models)
