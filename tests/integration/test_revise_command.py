"""A plan is revised, and only what changed is encoded again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from sounds import clicks, track, write_wav

from trailergen.plans import Plan, read_plan

Cli = Callable[..., int]


@pytest.fixture
def old(cli: Cli, examples: Path, shared_cache: Path) -> Plan:
    """A plan of ten seconds in the current folder."""
    about = ["-m", examples / "score.ogg", "--length", "10", "--cut-length", "1", "--cache-dir", shared_cache]
    assert cli("plan", examples / "film.mp4", *about, "-o", "cut.plan.json") == 0
    return read_plan(Path("cut.plan.json"))


def revise(cli: Cli, cache: Path, *edits: object) -> int:
    return cli("revise", "cut.plan.json", *edits, "--cache-dir", cache, "--progress", "none")


def test_two_positions_are_rolled_anew_and_the_old_plan_stays(cli: Cli, old: Plan, shared_cache: Path) -> None:
    before = Path("cut.plan.json").read_bytes()
    assert revise(cli, shared_cache, "--reroll", "1,3", "--pin", "0", "--ban", f"shot:{old.positions[4].shot}") == 0
    new = read_plan(Path("cut-2.plan.json"))
    assert Path("cut.plan.json").read_bytes() == before
    changed = [i for i, (a, b) in enumerate(zip(old.positions, new.positions, strict=True)) if a.shot != b.shot]
    assert changed == [1, 3, 4]
    assert new.positions[0].pinned
    assert new.provenance.revisions == [["--pin 0", f"--ban shot:{old.positions[4].shot}", "--reroll 1,3", "--seed 0"]]
    assert revise(cli, shared_cache, "--reroll", "2") == 0
    assert Path("cut-3.plan.json").exists()
    assert cli("revise", "cut-3.plan.json", "--reroll", "2", "--cache-dir", shared_cache) == 0
    assert len(read_plan(Path("cut-4.plan.json")).positions[2].rejected) == 2


def test_a_revised_plan_renders_as_if_it_were_rendered_whole(
    cli: Cli, old: Plan, shared_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trailergen.rendering import segments

    encoded: list[int] = []
    really = segments.encode_clip
    monkeypatch.setattr(segments, "encode_clip", lambda *a, **k: (encoded.append(1), really(*a, **k))[1])
    render = ["--preset", "ultrafast", "--cache-dir", shared_cache]
    assert cli("render", "cut.plan.json", *render) == 0
    assert revise(cli, shared_cache, "--reroll", "2") == 0
    encoded.clear()
    assert cli("render", "cut-2.plan.json", *render) == 0
    assert len(encoded) == 1
    assert (
        cli("render", "cut-2.plan.json", "-o", "whole.mp4", "--preset", "ultrafast", "--cache-dir", tmp_path / "c") == 0
    )
    part, whole = (pictures(Path(name)) for name in ("cut-2.mp4", "whole.mp4"))
    assert len(part) == old.sequence.frames
    assert all(np.array_equal(a, b) for a, b in zip(part, whole, strict=True))


def test_other_music_and_another_length(cli: Cli, old: Plan, examples: Path, shared_cache: Path) -> None:
    assert revise(cli, shared_cache, "--length", "6", "--pin", "2") == 0
    shorter = read_plan(Path("cut-2.plan.json"))
    assert len(shorter.positions) < len(old.positions)
    assert old.positions[2].shot in [position.shot for position in shorter.positions if position.pinned]
    assert (old.sequence.frames, shorter.sequence.frames) == (240, 144)
    # Other music lasts as long as the plan was asked to, by its last revision.
    other = write_wav(Path("other.wav"), track(clicks(30, 120)))
    assert revise(cli, shared_cache, "--music", other) == 0
    assert read_plan(Path("cut-3.plan.json")).sequence.frames == 240
    assert cli("revise", "cut-2.plan.json", "--music", other, "--cache-dir", shared_cache, "-o", "o.plan.json") == 0
    assert read_plan(Path("o.plan.json")).sequence.frames == 144
    assert revise(cli, shared_cache, "--music", examples / "score.ogg", "--length", "20") == 0
    longer = read_plan(Path("cut-4.plan.json"))
    assert len(longer.positions) > len(old.positions)
    kept = {p.shot for p in old.positions} & {p.shot for p in longer.positions}
    assert len(kept) > len(old.positions) // 2


def test_every_position_is_scored(cli: Cli, old: Plan, shared_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli("score", "cut.plan.json", "--json", "--cache-dir", shared_cache, "--progress", "none") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["shot"] for row in rows] == [position.shot for position in old.positions]
    assert all(0 < row["probability"] <= 1 and row["rank"] >= 1 for row in rows)
    assert cli("score", "cut.plan.json", "--cache-dir", shared_cache, "--progress", "none") == 0
    assert "probability" in capsys.readouterr().out


def test_what_changed_is_told_by_position_and_without_a_wish_nothing_is_written(
    cli: Cli, old: Plan, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ("revise", "cut.plan.json", "--cache-dir", shared_cache, "--progress", "plain")
    assert cli(*about, "--reroll", "1", "--loudness", "-16") == 0
    new = read_plan(Path("cut-2.plan.json"))
    told = capsys.readouterr().err
    assert f"position 1: shot {old.positions[1].shot} -> shot {new.positions[1].shot} (re-rolled)" in told
    assert "loudness: -14 LUFS -> -16 LUFS" in told and "position 0" not in told
    assert cli(*about) == cli(*about, "--seed", "3") == cli(*about, "--film", old.film.path) == 2
    assert not Path("cut-3.plan.json").exists()


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (("--reroll", "one"), "'one' is no position"),
        (("--reroll", "4-2"), "'4-2' is no position"),
        (("--reroll", "99"), "no position 99"),
        (("--pin", "1=845"), "'845' is no shot"),
        (("--swap", "1"), "--swap '1'"),
        (("--ban", "shot:x"), "'shot:x' is no shot"),
        (("--ban", "soon"), "--ban 'soon'"),
    ],
)
def test_edits_that_cannot_be_read(
    cli: Cli, old: Plan, shared_cache: Path, capsys: pytest.CaptureFixture[str], edits: tuple[str, ...], message: str
) -> None:
    assert revise(cli, shared_cache, *edits) == 2
    assert message in capsys.readouterr().err
    assert not Path("cut-2.plan.json").exists()


def test_the_holes_of_an_edited_timeline_are_filled(cli: Cli, old: Plan, shared_cache: Path) -> None:
    assert cli("export", "cut.plan.json", "--to", "edl", "-o", "mine.edl") == 0
    events = re.split(r"(?m)^(?=\d{3} )", Path("mine.edl").read_text())
    Path("mine.edl").write_text("".join(events[:1] + events[2:4] + events[5:]))
    assert revise(cli, shared_cache, "--from", "mine.edl", "--pin", "1") == 2
    assert revise(cli, shared_cache, "--from", "mine.edl") == 0
    new = read_plan(Path("cut-2.plan.json"))
    changed = [i for i, (a, b) in enumerate(zip(old.positions, new.positions, strict=True)) if a.shot != b.shot]
    assert changed == [0, 3]
    assert new.provenance.revisions == [["--from mine.edl", "--seed 0"]]
    # A hole in place of nearly all is cut where the music is, in a plan that was cut otherwise before, too.
    Path("mine.edl").write_text(events[0] + events[1])
    assert cli("revise", "cut-2.plan.json", "--from", "mine.edl", "--cache-dir", shared_cache) == 0
    again = read_plan(Path("cut-3.plan.json"))
    assert again.positions[0].source == old.positions[0].source
    assert max(len(position.record) for position in again.positions[1:]) < 4 * again.sequence.rate
    assert len(again.positions) > 4


def test_a_film_is_called_as_its_user_calls_it_and_odd_clips_are_named(
    cli: Cli, examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link into a store of hashes stands in plan and timelines under its own name."""
    Path("My Film.mp4").symlink_to(examples / "film.mp4")
    about = ["-m", examples / "score.ogg", "--length", "10", "--cut-length", "1", "--cache-dir", shared_cache]
    assert cli("plan", "My Film.mp4", *about, "-o", "cut.plan.json") == 0
    assert read_plan(Path("cut.plan.json")).film.path == str(Path("My Film.mp4").absolute())
    for form, target in (("edl", "mine.edl"), ("otio", "mine.otio"), ("fcp7", "mine.xml"), ("fcpxml", "mine.fcpxml")):
        assert cli("export", "cut.plan.json", "--to", form, "-o", target) == 0
        written = Path(target).read_text(encoding="utf-8")
        assert "My Film.mp4" in written and "film.mp4" not in written.replace("My Film.mp4", "").replace(
            "My%20Film.mp4", ""
        )
    text = Path("mine.edl").read_bytes().decode()
    text += (
        "900  STILL    V2    C        00:00:00:00 00:00:01:00 00:00:01:00 00:00:02:00\n* FROM CLIP NAME: my film.png\n"
    )
    text += "901  MY FILM  V2    C        00:00:20:00 00:00:21:00 00:00:02:00 00:00:03:00\n* FROM CLIP NAME: FILM.MP4\n"
    text += (
        "902  MY FILM  V     C        00:00:20:00 00:00:21:00 01:30:00:00 01:30:01:00\n* FROM CLIP NAME: My Film.mov\n"
    )
    Path("mine.edl").write_text(text, encoding="utf-16")
    capsys.readouterr()
    assert cli("revise", "cut.plan.json", "--from", "mine.edl", "--cache-dir", shared_cache) == 0
    said = capsys.readouterr().err
    assert "my film.png at 1.00 s is left out, it is not of the film" in said
    assert "the clip at 5400.00 s is left out, the music ends" in said
    # Some programs follow the link.
    assert 480 in [position.source.start for position in read_plan(Path("cut-2.plan.json")).positions]


def pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def test_flags_are_overruled_in_a_plan_and_in_its_revision(
    cli: Cli, examples: Path, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ["-m", examples / "score.ogg", "--length", "6", "--cache-dir", shared_cache]
    assert cli("plan", examples / "film.mp4", *about, "-o", "free.plan.json") == 0
    free = read_plan(Path("free.plan.json"))
    shown = free.positions[1].shot
    flagged = next(shot.number for shot in free.shots if shot.flags)
    Path("mine.csv").write_text(f"shot,flags\n{shown},text\n")
    assert cli("plan", examples / "film.mp4", *about, "--flags", "mine.csv", "-o", "cut.plan.json") == 0
    made = read_plan(Path("cut.plan.json"))
    assert made.shots[shown].flags == ["text"] and made.shots[shown].found_flags == []
    assert shown not in [position.shot for position in made.positions]
    assert made.provenance.settings["flags"] == "mine.csv"
    capsys.readouterr()
    assert cli("revise", "cut.plan.json", "--unflag", f"{shown},{flagged}", "--cache-dir", shared_cache) == 0
    assert f"flags of shot {flagged}: {' '.join(made.shots[flagged].flags)} -> none" in capsys.readouterr().err
    new = read_plan(Path("cut-2.plan.json"))
    assert new.shots[shown].flags == [] and new.shots[shown].found_flags is None
    assert new.provenance.revisions == [[f"--unflag {shown},{flagged}", "--seed 0"]]
    assert cli("report", "cut-2.plan.json", "--cache-dir", shared_cache) == 0
    assert f"shot {flagged}: {' '.join(made.shots[flagged].flags)} -&gt; none" in Path("cut-2.html").read_text()
    Path("mine.csv").write_text("shot,flags\n9999,text\n")
    assert cli("plan", examples / "film.mp4", *about, "--flags", "mine.csv", "-o", "no.plan.json") == 2
    assert cli("plan", examples / "film.mp4", *about, "--flags", "none.csv", "-o", "no.plan.json") == 3


def test_bans_transitions_and_the_shape_can_be_taken_back(
    cli: Cli, old: Plan, shared_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shot = old.positions[4].shot
    asked = ["--ban", f"shot:{shot}", "--transition", "dip:8@2,dip:8@3", "--shape", "1:1"]
    assert revise(cli, shared_cache, *asked) == 0
    changed = read_plan(Path("cut-2.plan.json"))
    assert changed.sequence.shape == "1:1" and len(changed.transitions) == 2 and len(changed.bans) == 1
    back = ["--unban", f"shot:{shot}", "--transition", "cut@2", "--shape", "film", "--pin", f"4=shot:{shot}"]
    capsys.readouterr()
    assert cli("revise", "cut-2.plan.json", *back, "--cache-dir", shared_cache) == 0
    told = capsys.readouterr().err
    assert f"(--ban shot:{shot})" in told and "may be shown again" in told and "a cut" in told
    new = read_plan(Path("cut-3.plan.json"))
    assert new.bans == [] and new.sequence == old.sequence and new.positions[4].shot == shot
    assert [each.position for each in new.transitions] == [new.positions[3].id]
    assert all(position.view is None for position in new.positions)
    assert cli("revise", "cut-3.plan.json", "--unban", f"shot:{shot}", "--cache-dir", shared_cache) == 2
