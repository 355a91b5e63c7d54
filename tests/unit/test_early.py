"""What is refused by the film's header, before a picture of it is looked at."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from counterfilm import make_film

from trailergen.edit import early
from trailergen.edit.early import check_early
from trailergen.errors import UsageError
from trailergen.media.probe import probe_film
from trailergen.session import Session
from trailergen.settings.plan import PlanSettings


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.mov"])
def test_a_ban_after_the_end_is_refused_before_the_analysis(tmp_path: Path, name: str) -> None:
    film, session = make_film(tmp_path / name, 48), Session(tmp_path / "cache")
    for ban in ("0:03-0:04", "2.1-5", "0:00:02:12-0:00:03:00", "1:00:00-2:00:00"):
        with pytest.raises(UsageError, match="bans nothing"):
            check_early(session, film, PlanSettings(bans=ban))  # type: ignore[arg-type]
    check_early(session, film, PlanSettings(bans="0:01-0:30"))  # type: ignore[arg-type]
    check_early(session, film, PlanSettings(bans="1.9-1:00:00,0:00:01:12-2:00:00"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
def test_a_header_that_says_too_little_refuses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The header gives one second; the pictures go on for two."""
    info = replace(probe_film(make_film(tmp_path / name, 48)), duration=1.0)
    monkeypatch.setattr(early, "probe", lambda *_: info)
    session = Session(tmp_path / "cache")
    check_early(session, info.path, PlanSettings(bans="1.5-5"))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="bans nothing"):
        check_early(session, info.path, PlanSettings(bans="2.5-5"))  # type: ignore[arg-type]


def test_a_picture_too_narrow_is_refused(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", 24, size=(180, 320))
    session = Session(tmp_path / "cache")
    with pytest.raises(UsageError, match="18 pixels wide") as raised:
        check_early(session, film, PlanSettings(height=32))
    assert "--height 58" in str(raised.value.hint)
    check_early(session, film, PlanSettings(height=58))


@pytest.mark.parametrize("height", [2, 16, 31])
def test_a_picture_too_low_is_refused(height: int) -> None:
    with pytest.raises(UsageError, match="too small"):
        PlanSettings(height=height)


def test_times_are_kept_as_they_are_given() -> None:
    assert PlanSettings(bans=((0, Fraction(1, 3)),)).bans == ((0, Fraction(1, 3)),)  # type: ignore[arg-type]
