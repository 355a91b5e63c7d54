"""The command; see ``benchmarks/film_sense/__init__.py``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import benchmarks.film_sense as about
from benchmarks.film_sense.films import film_ways
from benchmarks.film_sense.simulated import simulated_ways
from benchmarks.film_sense.table import table, values
from benchmarks.film_sense.ways import Made
from trailergen.edit.plan import style_of
from trailergen.errors import TrailergenError
from trailergen.runtime.cache import StageCache, default_cache_dir
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.settings.plan import PlanSettings
from trailergen.ssmp.planner import Planner


def main(asked: Sequence[str] | None = None) -> int:
    """Print the table; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.film_sense",
        description=about.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("film", type=Path, nargs="?")
    parser.add_argument("music", type=Path, nargs="?")
    parser.add_argument("--simulated", type=int, metavar="FILMS", help="so many simulated films instead")
    parser.add_argument("--length", type=float, help="of the trailer, in seconds; default: of the music")
    parser.add_argument("--style", default="story", help="a name or a TOML file; default: %(default)s")
    parser.add_argument("--ablate", action="store_true", help="the style without each of its rules, too")
    parser.add_argument("--checkpoint", type=Path, help="default: the starter")
    parser.add_argument("--encoder", default="auto", help="of films on disk; default: %(default)s")
    parser.add_argument("--draws", type=int, default=5, help="random trailers of each film; default: %(default)s")
    parser.add_argument("--json", action="store_true", help="every trailer's figures instead of the table")
    parser.add_argument("--cache-dir", type=Path, default=default_cache_dir(), help="default: %(default)s")
    options = parser.parse_args(asked)
    if (options.simulated is None) == (options.music is None):
        parser.error("give a film and music, or --simulated FILMS")
    settings = PlanSettings(
        length=options.length, style=options.style, checkpoint=options.checkpoint, encoder=options.encoder
    )
    rows: dict[str, list[Made]] = {}
    try:
        style = style_of(settings)
        if not style.has_rules:
            parser.error(f"the style {style.name} has no rules to look at")
        if options.simulated is not None:
            planner = Planner.load("cpu", options.checkpoint)
            for _, name, made in simulated_ways(style, planner, options.simulated, options.ablate, options.draws):
                rows.setdefault(name, []).append(made)
        else:
            session = Session(StageCache(options.cache_dir), Progress(ProgressKind.none))
            ways = film_ways(session, options.film, options.music, settings, options.ablate, options.draws)
            for name, made in ways:
                rows.setdefault(name, []).append(made)
    except TrailergenError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(json.dumps(values(rows), indent=1) if options.json else table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
