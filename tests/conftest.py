from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# Before torch and numpy are imported: where processes share the cores, threads that wait must not keep one busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The same examples on every run, and no deadlines: a loaded machine is no reason to fail.
settings.register_profile("trailergen", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=3000)
settings.load_profile("trailergen")

TESTS = Path(__file__).resolve().parent
SHARED_MEDIA = TESTS.parents[1] / "shared" / "media"
EXAMPLES = TESTS.parent / "examples"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test's tier is the folder that it is in, but for single tests of the others that are marked slow."""
    for item in items:
        tier = item.path.relative_to(TESTS).parts[0]
        if item.get_closest_marker("slow") is None:
            item.add_marker(tier)


@pytest.fixture(scope="session", autouse=True)
def heard_signals() -> None:
    """Children inherit what is ignored: SIGINT of a shell's background job, SIGHUP of nohup."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def media() -> Path:
    """The folder of real media; the test is skipped where it is absent."""
    if not SHARED_MEDIA.is_dir():
        pytest.skip("no real media at ../shared/media")
    return SHARED_MEDIA


@pytest.fixture(scope="session")
def examples() -> Path:
    return EXAMPLES


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four seconds of the example film, 160x90, with their sound."""
    import ffmpeg

    from trailergen.media.ffmpeg import file_url, run

    path = tmp_path_factory.mktemp("short") / "film.mp4"
    source = ffmpeg.input(file_url(EXAMPLES / "film.mp4"), ss=12, t=24)
    run(ffmpeg.output(source.video.filter("scale", 160, 90), source.audio, file_url(path), preset="veryfast"))
    return path
