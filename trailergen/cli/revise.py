"""``trailergen revise``: a plan changed where an editor asks for it, filled again around what stays."""

from __future__ import annotations

from typing import Annotated

from trailergen.api import outputs
from trailergen.cli import options as o
from trailergen.cli.groups import Only, Without, spread
from trailergen.edit.revise.request import EditRequest, Edits
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.group import Changes
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.plan import PlanSettings
from trailergen.settings.sound import SoundSettings
from trailergen.settings.titles import TitleSettings


@spread
def revise(
    plan: o.PlanArgument,
    *,
    output: o.OutputOption = None,
    edits: Edits,
    titles: Changes[TitleSettings],
    sound: Changes[SoundSettings],
    lines: Changes[NarrationSettings],
    language_model: LanguageModelSettings,
    model: Annotated[PlanSettings, Only("checkpoint")],
    film: o.FilmOption = None,
    machine: Annotated[MachineSettings, Without("hwaccel")],
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Change a plan and fill the rest around what stays; writes a new plan and keeps the old one.

    POSITIONS are numbers from 0 as in the plan, e.g. 7,9-11. Options may be repeated. With other music or another
    length, clips that fit are kept and the others are filled anew. With --from, the clips of a timeline take the
    place of the plan's. --more and --less need an OpenCLIP model. What has changed is told position by position.
    """
    from trailergen.api.revise import revise as revise_plan
    from trailergen.edit.revise.changes import changes
    from trailergen.plans import dump_plan, read_plan

    request = EditRequest(edits, titles, sound, lines)
    request.require_wish()
    session = o.open_session(machine, progress)
    old = read_plan(plan)
    target = output or outputs.next_plan(plan)[1]
    outputs.check_output(target, ".json", inputs=(plan,))
    with outputs.alone_with(target, session):
        made = revise_plan(
            old,
            request,
            film=film,
            checkpoint=model.checkpoint,
            language_model=language_model,
            session=session,
        )
        if output is None:
            # Who asked for the same a moment ago has made it: that is the result.
            last, new = outputs.next_plan(plan)
            target = last if last is not None and outputs.holds(last, dump_plan(made)) else new
        outputs.write_plan(made, target, force=force)
    for line in changes(old, made, edits) or ["nothing of the trailer has changed"]:
        session.progress.note(line)
    print(target)
