from __future__ import annotations

import pwd
from pathlib import Path

import pytest

from trailergen.errors import TrailergenError, UsageError, explain
from trailergen.runtime.cache import StageCache, default_cache_dir
from trailergen.runtime.places import missing_file
from trailergen.session import Session
from trailergen.weights import known_weights


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without HOME and without an account, as in many containers."""

    def unknown(_uid: int) -> None:
        raise KeyError

    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TRAILERGEN_CACHE", "TRAILERGEN_WEIGHTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


@pytest.mark.usefixtures("homeless")
def test_who_has_no_home_is_told_to_name_a_folder() -> None:
    with pytest.raises(UsageError, match="no folder for the cache") as raised:
        default_cache_dir()
    assert "TRAILERGEN_CACHE" in str(raised.value.hint)


@pytest.mark.usefixtures("homeless")
def test_who_has_no_home_has_the_weights_that_come_with_it(tmp_path: Path) -> None:
    assert Session(tmp_path).cache.root == tmp_path
    known = known_weights()
    assert known["efficientnet-lite0"].path.is_file()
    assert not any(weights.path.exists() for weights in known.values() if not weights.shipped)


def test_a_home_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = Path.stat

    def closed(path: Path, **options: bool) -> object:
        if tmp_path in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **options)

    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setattr(Path, "stat", closed)
    assert "starter" in known_weights()


def test_a_cache_folder_with_a_name_too_long_is_named(tmp_path: Path) -> None:
    (tmp_path / "film").write_text("film")
    with pytest.raises(TrailergenError, match="xxx") as raised:
        StageCache(tmp_path / ("x" * 300)).fingerprint(tmp_path / "film")
    assert "--cache-dir" in str(raised.value.hint)


def test_an_error_of_the_system_names_its_file() -> None:
    code, message = explain(PermissionError(13, "Permission denied", "/root/x"))
    assert (code, message) == (3, "error: cannot use /root/x\n  why: Permission denied")


def test_a_file_that_is_not_there_is_told_from_what_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"film")
    (tmp_path / "link.mp4").symlink_to("gone.mp4")

    def told(name: str) -> str:
        return str(missing_file(tmp_path / name))

    assert "is " + str(tmp_path / "film.mp4") + " meant?" in told("flim.mp4")
    assert "it is a link to gone.mp4, which is not there" in told("link.mp4") and "meant?" not in told("link.mp4")
    assert f"there is no folder {tmp_path / 'none'}" in told("none/film.mp4")
    assert "meant?" not in told("quite_another.mkv")
    for address in ("https://example.org/film.mp4", "s3://bucket/film.mp4"):
        assert "download it first" in str(missing_file(Path(address)))
