"""Cards from the command line: planned, rendered, revised, carried to other music and into an editor's cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from trailergen.plans import Plan, dump_plan, read_plan

Cli = Callable[..., int]
CARDS = ["--title", "THE SMALL\\nFILM", "--end-card", "COMING SOON", "--card", "a@b@2"]


def about(examples: Path, cache: Path) -> list[object]:
    return ["--music", examples / "score.ogg", "--length", "20", "--cache-dir", cache, "--progress", "none"]


@pytest.fixture
def old(cli: Cli, examples: Path, shared_cache: Path) -> Plan:
    """A plan of twenty seconds with three cards, in the current folder."""
    assert cli("plan", examples / "film.mp4", *about(examples, shared_cache), *CARDS, "-o", "cut.plan.json") == 0
    return read_plan(Path("cut.plan.json"))


def revise(cli: Cli, cache: Path, *wishes: object) -> int:
    return cli("revise", "cut.plan.json", *wishes, "--cache-dir", cache, "--progress", "plain", "-o", "new.plan.json",
               "--force")  # fmt: skip


def test_a_trailer_with_cards(cli: Cli, examples: Path, shared_cache: Path) -> None:
    made = ["make", examples / "film.mp4", *about(examples, shared_cache), *CARDS, "--height", "90"]
    assert cli(*made, "--preset", "ultrafast") == 0
    plan = read_plan(Path("film-trailer.plan.json"))
    assert [(card.kind, card.text) for card in plan.cards] == [
        ("card", "a@b"),
        ("title", "THE SMALL\nFILM"),
        ("end", "COMING SOON"),
    ]
    assert plan.cards[0].record.start == plan.positions[2].record.start
    assert plan.cards[-1].record.end == plan.sequence.frames
    settings = plan.provenance.settings
    assert (settings["title"], settings["cards"]) == ("THE SMALL\nFILM", [["a@b", "2"]])
    # The same command again finds everything done.
    before = Path("film-trailer.mp4").stat().st_mtime_ns
    assert cli(*made, "--preset", "ultrafast") == 0
    assert Path("film-trailer.mp4").stat().st_mtime_ns == before


def test_revisions_keep_and_change_cards(
    cli: Cli, old: Plan, shared_cache: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert revise(cli, shared_cache, "--reroll", "3") == 0
    assert read_plan(Path("new.plan.json")).cards == old.cards
    assert revise(cli, shared_cache, "--title", "OTHER", "--card", "@2") == 0
    new = read_plan(Path("new.plan.json"))
    assert [card.text for card in new.cards] == ["OTHER", "COMING SOON"]
    assert new.provenance.revisions == [["--title OTHER", "--card @2", "--seed 0"]]
    assert [position.shot for position in new.positions] == [position.shot for position in old.positions]
    assert revise(cli, shared_cache, "--no-cards") == 0
    assert read_plan(Path("new.plan.json")).cards == []
    capsys.readouterr()
    assert revise(cli, shared_cache, "--length", "30") == 0
    new = read_plan(Path("new.plan.json"))
    assert [card.text for card in new.cards] == [card.text for card in old.cards]
    assert new.cards[-1].record.end == new.sequence.frames > old.sequence.frames
    assert re.search(r'the card "COMING SOON" was put anew, at 0:00:\d\d', capsys.readouterr().err)
    assert revise(cli, shared_cache, "--length", "5") == 6
    assert "make the trailer longer" in capsys.readouterr().err


def test_an_editors_cut_keeps_the_cards(cli: Cli, old: Plan, shared_cache: Path) -> None:
    # Without the cards, as how an export shows them is not what is tested here.
    Path("bare.plan.json").write_text(dump_plan(old.model_copy(update={"cards": []})), encoding="utf-8")
    assert cli("export", "bare.plan.json", "--to", "otio", "-o", "cut.otio") == 0
    assert revise(cli, shared_cache, "--from", "cut.otio") == 0
    assert read_plan(Path("new.plan.json")).cards == old.cards


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--title", "日本"], 6, "no letters for the card"),
        (["--title", ""], 2, "--title has no text"),
        (["--card", "HERE"], 2, "does not say where"),
        (["--card", "HERE@99"], 2, "no position 99"),
        (["--end-card", "LONG " * 200], 6, "too little room"),
        (["--title", "A", "--card-font", "no.ttf"], 3, "no.ttf cannot be used"),
        (["--card-font", "no.ttf"], 2, "--card-font is for cards"),
    ],
)
def test_cards_that_cannot_be(
    cli: Cli,
    examples: Path,
    shared_cache: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    message: str,
) -> None:
    assert cli("plan", examples / "film.mp4", *about(examples, shared_cache), *options) == code
    assert message in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_another_render_lays_titles_over_the_picture_and_has_the_films_shape(cli, plan, tmp_path):
    from trailergen.media.probe import probe_film
    from trailergen.plans import Card, dump_plan, span

    titled = plan.model_copy(update={"cards": [Card(text="A", kind="title", record=span(0, 48))]})
    (tmp_path / "cut.plan.json").write_text(dump_plan(titled), encoding="utf-8")
    quiet = ("--progress", "none")
    assert cli("render", "cut.plan.json", "-o", "black.mp4", *quiet) == 0
    assert cli("render", "cut.plan.json", "--title-over", "picture", "--shape", "film", "-o", "over.mp4", *quiet) == 0
    assert probe_film(tmp_path / "over.mp4").width == plan.sequence.width
    assert (tmp_path / "over.mp4").stat().st_size > (tmp_path / "black.mp4").stat().st_size
    assert cli("render", "cut.plan.json", "--title-over", "white", "-o", "x.mp4", *quiet) == 2
