"""From a film and a piece of music to a plan."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from trailergen.errors import UsageError
from trailergen.settings.keywords import PlanKeywords
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.narration import Narrator
from trailergen.settings.tree import Settings

if TYPE_CHECKING:
    from trailergen.dialogue.narrators.endpoint import Endpoint
    from trailergen.plans import Plan
    from trailergen.session import Session


def plan(
    film: Path | str,
    music: Path | str,
    *,
    session: Session | None = None,
    settings: Settings | None = None,
    language_model: LanguageModelSettings | None = None,
    **options: Unpack[PlanKeywords],
) -> Plan:
    """Plan a trailer without rendering it.

    Args:
        film: any file ffmpeg can read.
        music: any file ffmpeg can read.
        session: cache, progress and processor; a new one by default.
        settings: of the trailer; the default ones by default.
        language_model: that may choose the lines; by default the one of ``TRAILERGEN_LLM_URL``, ``..._MODEL`` and
            ``..._KEY``. It is asked only with ``narrator`` ``llm`` or ``auto``.
        options: settings by the names of the command line's options, as ``cut_length=1.5``; they outrank ``settings``.

    Raises:
        InputError: the film, the music, the subtitles or the cards' font cannot be read.
        PlanError: no trailer of this film fits the music and the bans, or the cards do not fit the trailer.
        UsageError: there is no such setting, or its value is none that is allowed.
        WeightsError: the model's weights are missing or damaged.
    """
    from trailergen.dialogue.heard import tell_accents, tell_lines
    from trailergen.edit.plan import make_plan
    from trailergen.evaluation.planning.find import find_filler
    from trailergen.session import Session

    session = session or Session()
    wanted = (settings or Settings()).changed(**options)
    wanted.titles.require_text()
    endpoint = endpoint_of(wanted.narration.narrator, language_model)
    with session.limits():
        made = make_plan(session, Path(film), Path(music), wanted, endpoint, find_filler)
    tell_lines(made, session.progress.note)
    tell_accents(made, session.progress.note)
    return made


def endpoint_of(narrator: Narrator, language_model: LanguageModelSettings | None = None) -> Endpoint | None:
    """The server of the language model that chooses lines; None where none is asked, or ``auto`` finds none.

    Args:
        narrator: who chooses the lines.
        language_model: None for the one that the environment names.

    Raises:
        UsageError: one that is asked for cannot be asked, which is found out before the film is looked at.
    """
    if narrator == "extractive":
        return None
    from trailergen.dialogue.narrators.endpoint import find_endpoint, no_endpoint

    asked = language_model or LanguageModelSettings.from_environment(os.environ)
    try:
        found = find_endpoint(asked.url, asked.model, asked.key, os.environ)
        if found is None:
            raise no_endpoint()
        found.check()
        return found
    except UsageError:
        if narrator == "auto":
            return None
        raise
