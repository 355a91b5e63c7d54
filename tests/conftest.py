from __future__ import annotations

from pathlib import Path

import pytest

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
