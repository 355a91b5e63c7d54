"""A plan changed where an editor asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailergen.plans import Plan, read_plan

if TYPE_CHECKING:
    from trailergen.edit.revise.request import EditRequest
    from trailergen.session import Session
    from trailergen.settings.language_model import LanguageModelSettings


def revise(
    plan: Plan | Path | str,
    request: EditRequest | None = None,
    *,
    film: Path | str | None = None,
    checkpoint: Path | str | None = None,
    language_model: LanguageModelSettings | None = None,
    session: Session | None = None,
    **options: Any,
) -> Plan:
    """Change a plan and fill the rest around what stays.

    Args:
        plan: a plan or its file; it stays as it is.
        request: what changes.
        film: where the film is now, if not where the plan says.
        checkpoint: the model's file; None for the starter.
        language_model: that may choose the lines; by default the one that the environment names.
        session: cache, progress and processor; a new one by default.
        options: what changes by the names of the command line's options, beside ``request``: ``reroll="7,9-11"`` or
            ``reroll=[7, 9]``, ``pin={12: 845}``, ``loudness=-16``; ``cut`` is the timeline of ``--from``.

    Raises:
        InputError: the plan, the film or the music cannot be read.
        PlanError: no trailer can be as it is asked for.
        UsageError: there is no such option or position, or edits contradict each other.
        WeightsError: the model's weights are missing or damaged.
    """
    from trailergen.api.plan import endpoint_of
    from trailergen.dialogue.heard import tell_accents, tell_lines
    from trailergen.edit.revise.plan import revise_plan
    from trailergen.edit.revise.request import EditRequest
    from trailergen.evaluation.planning.find import find_filler
    from trailergen.session import Session
    from trailergen.settings.narration import NarrationSettings

    session = session or Session()
    wanted = (request or EditRequest()).changed(**options)
    endpoint = endpoint_of(wanted.lines.apply(NarrationSettings()).narrator, language_model)
    known = plan if isinstance(plan, Plan) else read_plan(Path(plan))
    with session.limits():
        revised = revise_plan(
            session,
            known,
            wanted,
            film=None if film is None else Path(film),
            checkpoint=None if checkpoint is None else Path(checkpoint),
            endpoint=endpoint,
            find_filler=find_filler,
        )
    tell_lines(revised, session.progress.note)
    tell_accents(revised, session.progress.note)
    return revised
