"""Texts for the page have files by their names, wherever they lie and however they are quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailergen.desk.names import Names

KNOWN = Names([Path("/films/my own"), Path("/films/my own/cut.desk"), Path("relative/place"), Path("."), Path("/")])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cannot read /films/my own/a film.mp4", "cannot read a film.mp4"),
        ("cannot read '/films/my own/cut.desk/0001.plan.json'", "cannot read '0001.plan.json'"),
        ("cannot read /films/my own/sub/deeper/x.wav: odd", "cannot read x.wav: odd"),
        ("cannot write into /films/my own", "cannot write into the folder"),
        ("there is no folder /films/my own/", "there is no folder the folder"),
        ("file:/films/my own/x.mp4: Invalid data", "x.mp4: Invalid data"),
        ("relative/place/x.mp4 is none", "x.mp4 is none"),
        ("[Errno 2] No such file: '/etc/fonts/a.ttf'", "[Errno 2] No such file: 'a.ttf'"),
        (r"cannot read C:\Users\me\film.mkv", "cannot read film.mkv"),
        ("a rate of 24000/1001, and/or 16:9, 1 / 2", "a rate of 24000/1001, and/or 16:9, 1 / 2"),
        ("see https://example.org/a/b", "see https://example.org/a/b"),
        ("write it like 0:00-0:30", "write it like 0:00-0:30"),
        ("line one\n  try: /var/tmp/x/y.mov", "line one\n  try: y.mov"),
    ],
)
def test_only_names_are_left(text: str, told: str) -> None:
    assert KNOWN(text) == told


def test_names_that_are_no_text() -> None:
    odd = Path("/films/caf\udce9 bar")
    assert Names([odd])(f"cannot use {odd}/x.mp4".encode(errors="replace").decode()) == "cannot use x.mp4"
    assert Names([odd])(f"cannot use {str(odd) + '/x.mp4'!r}") == "cannot use 'x.mp4'"
