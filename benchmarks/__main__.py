"""All benchmarks, one table: ``benchmarks/run [--only render,music] [--film FILM] [--music TRACK]``.

Each module that is named below runs in a process of its own, one after the other. What it finds goes into RESULTS.json
at once, in the place of what it found before; RESULTS.md is made of that, so that one benchmark can be repeated alone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from multiprocessing import get_context
from typing import Any

import rows as r

from trailergen.media import ffmpeg

BENCHMARKS = (
    "shots",
    "analyse",
    "memory",
    "music",
    "plan",
    "render",
    "track",
    "reroll",
    "commands",
    "desk",
)
FOUND, TOLD = r.HERE / "RESULTS.json", r.HERE / "RESULTS.md"


def main() -> int:
    """Returns 1 if a benchmark failed."""
    parser = argparse.ArgumentParser(
        "benchmarks/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    r.options(parser)
    parser.add_argument("--only", default=",".join(BENCHMARKS), help="names, with commas between: %(default)s")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    results: dict[str, Any] = json.loads(FOUND.read_text()) if FOUND.exists() else {}
    started, failed = time.strftime("%Y-%m-%d %H:%M"), []
    for name in names:
        asked = r.material(arguments)
        print(f"{name} ...", flush=True)
        try:
            # A process of its own: memory and imports of one benchmark are not another's.
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                found = pool.submit(r.rows_of, name, asked).result()
        except Exception:
            traceback.print_exc()
            failed.append(name)
            continue
        finally:
            shutil.rmtree(asked.folder, ignore_errors=True)
        print(f"{r.table(found)}\n", flush=True)
        results[name] = {
            "run": started,
            "load": round(os.getloadavg()[0], 1),
            "film": asked.film.name,
            "music": asked.music.name,
            "machine": _machine(),
            "rows": [asdict(row) for row in found],
        }
        _write(results)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _machine() -> dict[str, str]:
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "Python": platform.python_version(),
        **{name: version(name) for name in ("torch", "av", "numpy")},
        "ffmpeg": ffmpeg.version().removeprefix("ffmpeg version ").partition(" ")[0],
    }


def _processor() -> str:
    """Its name, and the instructions that matter here."""
    try:
        with open("/proc/cpuinfo") as file:
            facts = dict(line.split(":", 1) for line in file.read().split("\n\n")[0].splitlines() if ":" in line)
    except OSError:
        return platform.processor() or platform.machine()
    known = {name.strip(): value.strip() for name, value in facts.items()}
    flags = set(known.get("flags", "").split())
    has = [name for name in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16") if name in flags]
    return f"{known.get('model name', platform.machine())} ({', '.join(has)})"


def _write(results: dict[str, Any]) -> None:
    ordered = {name: results[name] for name in BENCHMARKS if name in results}
    FOUND.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")
    parts = [
        "# Benchmark results",
        "Written by `benchmarks/run`; the figures are in RESULTS.json, too. Both sides of a ratio are timed in turn, in"
        " one run: the ratio is what counts.",
        r.table([r.Row(**{**row, "note": ""}) for found in ordered.values() for row in found["rows"]]),
        "## Taken on",
        "\n".join(
            ["| benchmark | run | film, music | load at the end |", "|---|---|---|---|"]
            + [f"| {name} | {f['run']} | {f['film']}, {f['music']} | {f['load']} |" for name, f in ordered.items()]
        ),
    ]
    for machine in {json.dumps(found["machine"]): found["machine"] for found in ordered.values()}.values():
        parts.append("; ".join(f"{name} {value}" for name, value in machine.items()) + ".")
    for name, found in ordered.items():
        notes = [row["note"] for row in found["rows"] if row["note"]]
        parts += [f"## {name.capitalize()}", *notes] if notes else []
    TOLD.write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    sys.exit(main())
