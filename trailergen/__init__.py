"""Cut a trailer from a film to a piece of music.

    import trailergen as tg

    made = tg.make("film.mkv", "track.wav", length=60)
    print(made.trailer, made.plan.positions[0].shot)

Names are loaded when they are first used: to import this package costs a few milliseconds and loads no torch.
"""

from __future__ import annotations

from trailergen.version import __version__

TYPE_CHECKING = False  # to type checkers it is true; `typing` takes longer to import than all that is here

if TYPE_CHECKING:
    from typing import Any

    from trailergen.api.export import export
    from trailergen.api.make import Made, make
    from trailergen.api.outputs import write_plan
    from trailergen.api.plan import plan
    from trailergen.api.render import render
    from trailergen.api.revise import revise
    from trailergen.api.stages import detect_shots, extract_features, read_shots, score, segment_music
    from trailergen.api.storyboard import storyboard
    from trailergen.errors import TrailergenError
    from trailergen.plans import Plan, read_plan
    from trailergen.session import Session
    from trailergen.settings.tree import Settings

_MODULES = {
    "make": "api.make",
    "Made": "api.make",
    "plan": "api.plan",
    "revise": "api.revise",
    "render": "api.render",
    "export": "api.export",
    "storyboard": "api.storyboard",
    "read_plan": "plans",
    "write_plan": "api.outputs",
    "Plan": "plans",
    "detect_shots": "api.stages",
    "read_shots": "api.stages",
    "extract_features": "api.stages",
    "segment_music": "api.stages",
    "score": "api.stages",
    "Session": "session",
    "Settings": "settings.tree",
    "TrailergenError": "errors",
}
__all__ = [
    "Made",
    "Plan",
    "Session",
    "Settings",
    "TrailergenError",
    "__version__",
    "detect_shots",
    "export",
    "extract_features",
    "make",
    "plan",
    "read_plan",
    "read_shots",
    "render",
    "revise",
    "score",
    "segment_music",
    "storyboard",
    "write_plan",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
