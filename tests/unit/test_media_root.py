"""``export --media-root``: a folder as the machine of an editor means it, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_plans import make_plan

from trailergen.__main__ import main
from trailergen.errors import UsageError
from trailergen.plans import dump_plan
from trailergen.timeline.address import file_address, parse_media_root

NAME = "a film.mkv"


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("/Volumes/Films", "file:///Volumes/Films/a%20film.mkv"),
        ("/Volumes/Films/", "file:///Volumes/Films/a%20film.mkv"),
        ("/Volumes/My Films/../Ü", "file:///Volumes/%C3%9C/a%20film.mkv"),
        ("/", "file:///a%20film.mkv"),
        ("D:", "file:///D:/a%20film.mkv"),
        ("D:\\", "file:///D:/a%20film.mkv"),
        ("d:/Films", "file:///d:/Films/a%20film.mkv"),
        ("D:\\My Films\\", "file:///D:/My%20Films/a%20film.mkv"),
        ("\\\\?\\D:\\Films", "file:///D:/Films/a%20film.mkv"),
        ("\\\\nas\\films", "file://nas/films/a%20film.mkv"),
        ("\\\\nas\\films\\2024", "file://nas/films/2024/a%20film.mkv"),
        ("\\\\?\\UNC\\nas\\films", "file://nas/films/a%20film.mkv"),
        ("//nas/films", "file://nas/films/a%20film.mkv"),
        ("smb://nas/films", "smb://nas/films/a%20film.mkv"),
        ("SMB://me@nas/my films/", "smb://me@nas/my%20films/a%20film.mkv"),
        ("file:///Volumes/Films", "file:///Volumes/Films/a%20film.mkv"),
        ("file:///Volumes/My%20Films/", "file:///Volumes/My%20Films/a%20film.mkv"),
        ("file:///Volumes/100% Films", "file:///Volumes/100%25%20Films/a%20film.mkv"),
        ("file://localhost/D:/Films", "file://localhost/D:/Films/a%20film.mkv"),
        ("file:/Volumes/Films", "file:///Volumes/Films/a%20film.mkv"),
        ("file:///", "file:///a%20film.mkv"),
        ("file:///D:\\Films", "file:///D:/Films/a%20film.mkv"),
        ("https://nas.example:8443/films", "https://nas.example:8443/films/a%20film.mkv"),
    ],
)
def test_a_folder_is_meant_as_on_its_machine(root: str, url: str) -> None:
    address = parse_media_root(root).file(NAME)
    assert (address.name, address.url) == (NAME, url)


@pytest.mark.parametrize(
    ("root", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("~", "home"),
        ("~/Films", "home"),
        ("~me/Films", "home"),
        ("Films", "folder it is read in"),
        ("./Films", "folder it is read in"),
        ("..", "folder it is read in"),
        ("$HOME/Films", "folder it is read in"),
        ("%USERPROFILE%\\Films", "folder it is read in"),
        ("D:Films", "current folder"),
        ("\\Films", "no drive"),
        ("D:\\Films\\..", "holds .."),
        ("\\\\nas", "no share"),
        ("//nas", "no share"),
        ("smb://nas", "no share"),
        ("smb://nas/", "no share"),
        ("file://", "no folder"),
        ("file://nas", "no folder"),
        ("file:///x?y", "no [?]"),
    ],
)
def test_what_hangs_on_this_machine_is_refused(root: str, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_media_root(root)
    assert refused.value.why and why.replace("[?]", "?") in refused.value.why


@pytest.mark.parametrize("root", ["~/Films", "Films", ""])
def test_a_refused_folder_writes_nothing(tmp_path: Path, root: str, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "x.plan.json"
    plan.write_text(dump_plan(make_plan([10, 20])))
    assert main(["export", str(plan), "--to", "otio", "--media-root", root]) == 2
    assert "--media-root" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [plan.name]


@pytest.mark.parametrize(
    ("root", "url"), [("D:", "file:///D:/a%20film.mkv"), ("smb://nas/films", "smb://nas/films/a%20film.mkv")]
)
@pytest.mark.parametrize("form", ["otio", "fcp7", "fcpxml"])
def test_timelines_hold_the_address(tmp_path: Path, root: str, url: str, form: str) -> None:
    plan = tmp_path / "x.plan.json"
    plan.write_text(dump_plan(make_plan([10, 20])))
    target = tmp_path / {"otio": "x.otio", "fcp7": "x.xml", "fcpxml": "x.fcpxml"}[form]
    assert main(["export", str(plan), "--to", form, "-o", str(target), "--media-root", root]) == 0
    assert url in target.read_text(encoding="utf-8")


def test_a_plan_of_a_windows_machine() -> None:
    assert file_address("D:\\Films\\a film.mkv").url == "file:///D:/Films/a%20film.mkv"
