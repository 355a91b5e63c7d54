"""Checks of a request without its film's pictures: names that mean nothing, files that are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from trailergen.api.make import Request
from trailergen.api.plan import endpoint_of
from trailergen.runtime.cache import require_file

Test = Callable[[], object]


def tests_of(request: Request) -> Iterator[tuple[str, Test]]:
    """Tests by the name of the option that each is about; one that fails raises TrailergenError."""
    from trailergen.dialogue.sources import check_transcribe
    from trailergen.dialogue.subtitles.cues import read_subtitles
    from trailergen.edit.look import check_logo
    from trailergen.edit.plan import style_of
    from trailergen.edit.titles import check_titles
    from trailergen.features.registry import require_encoder

    plan, narration, titles = request.settings.plan, request.settings.narration, request.settings.titles
    yield "length", request.targets
    yield "style", lambda: style_of(plan)
    yield "encoder", lambda: require_encoder(plan.encoder)
    yield "narrator", lambda: endpoint_of(narration.narrator, request.language_model)
    if (checkpoint := plan.checkpoint) is not None:
        yield "checkpoint", lambda: require_file(checkpoint)
    if (subtitles := narration.subtitles) is not None:
        yield "subtitles", lambda: read_subtitles(subtitles, Fraction(25))
    yield "transcribe", lambda: check_transcribe(narration)
    yield "logo", lambda: check_logo(titles)
    yield "card-font" if titles.card_font else "card", lambda: check_titles(titles)


def check_request(request: Request) -> None:
    """Raise TrailergenError for what no film can make right."""
    for _, test in tests_of(request):
        test()
