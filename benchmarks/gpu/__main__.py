"""The command; see the package."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.gpu import parts as p
from benchmarks.gpu import wheels
from benchmarks.gpu.results import Results
from benchmarks.gpu.run import Budget, Worker, run

STARTED = "TRAILERGEN_GPU_STARTED"


def main() -> int:
    """Returns 1 if a check failed."""
    about = sys.modules["benchmarks.gpu"].__doc__
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=Path("gpu-results.json"), help="default: %(default)s")
    parser.add_argument("--wheels", type=Path, help="a folder of wheels to be installed for this run alone")
    parser.add_argument("--seconds", type=float, default=540, help="all there is; default: %(default)s")
    parser.add_argument("--reserve", type=float, default=250, help="of it for the protocol; default: %(default)s")
    parser.add_argument("--only", help="names of parts, or how they begin, with commas between")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "trailergen-gpu")
    parser.add_argument("--tiny", action="store_true", help="everything in tiny sizes, to see whether it runs")
    parser.add_argument("--dry-run", action="store_true", help="the same on the CPU alone")
    arguments = parser.parse_args()
    started = float(os.environ.get(STARTED) or time.time())
    if arguments.wheels and STARTED not in os.environ:
        os.environ[STARTED] = str(started)
        wheels.restart_with(arguments.wheels, ["-m", "benchmarks.gpu", *sys.argv[1:]])
    os.environ.pop(STARTED, None)
    os.environ.setdefault("TRAILERGEN_CACHE", str(arguments.work / "cache"))

    wanted = tuple(arguments.only.split(",")) if arguments.only else ("",)
    chosen = [part for part in p.PARTS if part.name.startswith(wanted)]
    if not chosen:
        parser.error(f"no part is named like that; there are: {', '.join(part.name for part in p.PARTS)}")
    output = arguments.output.resolve()
    device = "cpu" if arguments.dry_run else "cuda"
    tiny = arguments.tiny or arguments.dry_run
    setting = p.Setting(device, tiny, arguments.work.resolve(), 0.0, output.parent)
    setting.folder.mkdir(parents=True, exist_ok=True)
    results = Results.open(output)
    results.facts = facts()
    results.write()
    last = chosen[-1].name == p.PROTOCOL
    budget = Budget(started + arguments.seconds, arguments.reserve if last and not tiny else 0.0)
    films = _films(setting) if last and not results.finished(p.PROTOCOL) else None
    worker = Worker()
    try:
        run(chosen, setting, results, budget, worker.ask, lambda text: print(text, flush=True))
    finally:
        worker.end()
        if films is not None:
            with suppress(ProcessLookupError):
                os.killpg(films.pid, signal.SIGKILL)
            films.wait()
    print(f"\n{results.table()}\n\n{time.time() - started:.0f} s", flush=True)
    failed = results.failed()
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0


def facts() -> dict[str, str]:
    """The machine of the figures. The card is asked by its own tool: torch is for the workers alone."""
    found = {"Python": platform.python_version(), "cores": str(os.cpu_count())}
    for name in ("torch", "numpy", "av", "triton"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "is not there"
    try:
        asked = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
        found["card"] = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        found["card"] = "none"
    return found


def _films(setting: p.Setting) -> subprocess.Popen[bytes]:
    """The films of the protocol are made beside all else: they need the processor, which has little to do."""
    command = [sys.executable, "-m", "benchmarks.gpu.simulated", str(setting.folder), *["tiny"][: setting.tiny]]
    return subprocess.Popen(["nice", "-n", "19", *command], env=os.environ | {"OMP_NUM_THREADS": "1"}, process_group=0)


if __name__ == "__main__":
    sys.exit(main())
