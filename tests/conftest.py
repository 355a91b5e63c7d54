from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run, and no deadlines: a loaded machine is no reason to fail.
settings.register_profile("trailergen", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=3000)
settings.load_profile("trailergen")

SHARED_MEDIA = Path(__file__).resolve().parents[1] / ".." / "shared" / "media"
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="session")
def media() -> Path:
    """The folder of real media; the test is skipped where it is absent."""
    if not SHARED_MEDIA.is_dir():
        pytest.skip("no real media at ../shared/media")
    return SHARED_MEDIA


@pytest.fixture(scope="session")
def examples() -> Path:
    return EXAMPLES
