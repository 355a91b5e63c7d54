"""The look of cards: over the picture, in colours and sizes, with a logo; asked for, kept, drawn, and handed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export_plans import make_plan
from PIL import Image

from trailergen.edit.look import check_logo
from trailergen.edit.titles import check_titles, put_cards
from trailergen.errors import InputError, PlanError, TrailergenError, UsageError
from trailergen.plans import Card, Plan, dump_plan, parse_plan, span
from trailergen.rendering.design import Design, check_fit, draw_design, draw_over
from trailergen.settings.titles import TitleSettings
from trailergen.settings.tree import Settings
from trailergen.timeline.build import build_timeline
from trailergen.timeline.media import find_media
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.write.formats import FORMATS, timeline_bytes

SIZES = [(1920, 1080), (640, 360), (606, 1080), (1080, 1080)]
PLAIN = Design(1.0, "#ffffff", "#000000", None)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """A red square of 300 pixels in a picture of 400, transparent around it."""
    picture = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    picture.paste((230, 20, 20, 255), (50, 50, 350, 350))
    picture.save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


def a_plan() -> Plan:
    return make_plan([60] * 8, shot_frames=120)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("color", ["#ffffff", "#ffd700", "#102040"])
def test_text_over_a_picture_is_read_over_bright_and_dark_ones(size: tuple[int, int], color: str) -> None:
    width, height = size
    drawn = draw_over("THE QUIET SHORE", "title", width, height, None, Design(1.0, color, "#000000", None)).astype(
        float
    )
    covers = drawn[:, :, 3] / 255
    letters = (np.abs(drawn[:, :, :3] - [int(color[k : k + 2], 16) for k in (1, 3, 5)]).max(axis=2) < 9) & (
        covers > 0.97
    )
    assert letters.any()
    rows, columns = np.nonzero(letters)
    assert rows.min() > 0.1 * height and rows.max() < 0.9 * height
    assert columns.min() > 0.1 * width and columns.max() < 0.9 * width
    near = np.zeros_like(letters)
    reach = max(1, round(min(size) / 250))
    for shift in (-reach, reach):
        near |= np.roll(letters, shift, axis=0) | np.roll(letters, shift, axis=1)
    rim = near & (covers < 1) & ~letters
    luma = np.array([0.2126, 0.7152, 0.0722])
    for ground in (0.0, 128.0, 255.0):
        seen = drawn[:, :, :3] * covers[:, :, None] + ground * (1 - covers[:, :, None])
        assert abs((seen @ luma)[letters].mean() - (seen @ luma)[rim].mean()) > 45, ground
    # Nothing is dimmed where nothing is written.
    assert covers[: height // 8].max() == 0 and covers[-height // 8 :].max() == 0


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_logo_stands_over_its_text_in_the_safe_area(size: tuple[int, int], logo: Path) -> None:
    width, height = size
    design = Design(1.0, "#ffd700", "#14304a", str(logo))
    drawn = draw_design("COMING SOON", "end", width, height, None, design).astype(int)
    assert tuple(drawn[0, 0]) == (0x14, 0x30, 0x4A)
    red = np.abs(drawn - [230, 20, 20]).max(axis=2) < 12
    gold = np.abs(drawn - [255, 215, 0]).max(axis=2) < 30
    (top, left), (bottom, right) = np.argwhere(red).min(axis=0), np.argwhere(red).max(axis=0)
    assert abs((bottom - top) - (right - left)) <= 2 and right - left < 300  # its shape stays, and no pixel is added
    assert abs(left + right + 1 - width) <= 2
    assert top > 0.1 * height and np.argwhere(gold)[:, 0].max() < 0.9 * height
    assert np.argwhere(gold)[:, 0].min() > bottom
    alone = draw_design("", "end", width, height, None, design).astype(int)
    places = np.argwhere(np.abs(alone - [230, 20, 20]).max(axis=2) < 12)
    assert abs((places[:, 0].min() + places[:, 0].max() + 1) / 2 / height - 0.48) < 0.01


def test_letters_have_the_size_that_is_asked_for() -> None:
    heights = []
    for factor in (0.5, 1.0, 1.5):
        drawn = draw_design("M", "card", 1280, 720, None, Design(factor, "#ffffff", "#000000", None))
        rows = np.flatnonzero(drawn.any(axis=(1, 2)))
        heights.append(rows[-1] - rows[0])
    assert heights[0] * 2 == pytest.approx(heights[1], rel=0.06)
    assert heights[1] * 1.5 == pytest.approx(heights[2], rel=0.06)


def test_grey_and_deep_pictures_are_logos_too(tmp_path: Path) -> None:
    deep = Image.fromarray(np.full((40, 60), 40_000, np.uint16))
    deep.save(tmp_path / "deep.png")
    drawn = draw_design("", "end", 640, 360, None, Design(1.0, "#ffffff", "#000000", str(tmp_path / "deep.png")))
    assert abs(int(drawn.max()) - 40_000 // 257) <= 1
    Image.new("P", (30, 20), 3).save(tmp_path / "palette.png")
    check_logo(TitleSettings(logo=tmp_path / "palette.png"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.png", "gone.png"),
        ("a folder", "a folder"),
        ("text.png", "no PNG picture"),
        ("photo.png", "no PNG picture"),
        ("cut.png", "cannot read the logo|no PNG picture"),
        ("clear.png", "shows nothing"),
        ("wide.png", "too large"),
    ],
)
def test_a_bad_logo_is_refused_before_the_work(tmp_path: Path, logo: Path, name: str, message: str) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "text.png").write_text("hello")
    Image.new("RGB", (20, 20)).save(tmp_path / "photo.png", "JPEG")
    (tmp_path / "cut.png").write_bytes(logo.read_bytes()[:-200])
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.new("L", (9000, 2)).save(tmp_path / "wide.png")
    with pytest.raises(InputError, match=message):
        check_titles(TitleSettings(end_card="SOON", logo=tmp_path / name))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"title": "A", "card_color": "no colour"}, "is no colour"),
        ({"title": "A", "card_color": "rgb(1,2,3)"}, "is no colour"),
        ({"title": "A", "card_color": "#12345"}, "is no colour"),
        ({"title": "A", "card_size": 3}, "--card-size"),
        ({"title": "A", "title_over": "white"}, "--title-over"),
        ({"card_color": "gold"}, "--card-color is for cards"),
        ({"card_size": 2}, "--card-size is for cards"),
        ({"end_card": "A", "title_over": "picture"}, "--title-over is for"),
        ({"title": "A", "logo": ""}, "--logo names no file"),
    ],
)
def test_what_means_nothing_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        TitleSettings(**asked).require_text()


def test_colours_are_read_as_people_write_them() -> None:
    for text in ("gold", "ffd700", "#FFD700", " Gold "):
        assert TitleSettings(card_color=text).card_color == "#ffd700"
    assert TitleSettings(card_color="fff").card_color == "#ffffff"
    assert TitleSettings(card_color="#ffd700") == TitleSettings(card_color="gold")


def test_hdr_is_kept_with_white_titles_on_black_alone() -> None:
    kept = {"hdr": "keep", "codec": "hevc", "title": "A"}
    Settings.of(**kept)
    for look in ({"title_over": "picture"}, {"card_color": "gold"}, {"card_background": "navy"}, {"logo": "l.png"}):
        with pytest.raises(UsageError, match="--hdr keep"):
            Settings.of(**kept, **look)


def put(plan: Plan, **asked: Any) -> Plan:
    cards, _ = put_cards(plan, plan, TitleSettings(**asked))
    return parse_plan(dump_plan(plan.model_copy(update={"cards": cards})))


def test_a_plan_keeps_the_look_and_a_revision_changes_what_it_is_asked(logo: Path) -> None:
    plan = put(
        a_plan(), title="THE FILM", end_card="SOON", cards=(("ONE", "0"),), title_over="picture", card_color="gold"
    )
    one, title, end = plan.cards
    assert (one.over, title.over, end.over) == (True, True, False)
    assert {card.color for card in plan.cards} == {"#ffd700"}
    plain = put(plan, title_over="black")
    assert [card.over for card in plain.cards] == [False] * 3 and plain.cards[1].record == title.record
    assert [card.color for card in plain.cards] == ["#ffd700"] * 3
    # A new text has the look of the one it replaces, a further card that of the others.
    again = put(plan, title="ANOTHER")
    assert (again.cards[1].over, again.cards[1].color) == (True, "#ffd700")
    more = put(plan, cards=(("TWO", "2"),))
    assert [(card.text, card.over, card.color) for card in more.cards[:2]][1] == ("TWO", True, "#ffd700")
    with_logo = put(plan, logo=logo)
    assert [card.logo for card in with_logo.cards] == [None, None, str(logo)]
    assert put(with_logo, end_card="LATER").cards[2].logo == str(logo)
    assert put(with_logo, logo="").cards[2].logo is None
    alone = put(put(with_logo, end_card=""), logo=logo)
    assert alone.cards[-1].text == "" and alone.cards[-1].label == "logo logo.png"
    assert [card.kind for card in put(alone, logo="").cards] == ["card", "title"]
    logo.unlink()
    assert parse_plan(dump_plan(alone)) == alone


def test_plans_of_who_asks_for_no_look_are_as_they_were() -> None:
    text = json.loads(dump_plan(put(a_plan(), title="A", end_card="B")))
    assert [sorted(card) for card in text["cards"]] == [["font", "kind", "record", "text"]] * 2
    noted = Settings.of(title="A").to_provenance()
    assert not {"title_over", "card_size", "card_color", "card_background", "logo"} & set(noted)
    asked = Settings.of(title="A", title_over="picture", card_size=1.5, card_color="gold")
    assert Settings.from_provenance(json.loads(json.dumps(asked.to_provenance()))).titles == asked.titles


def test_a_card_shows_something() -> None:
    with pytest.raises(ValueError, match="neither text nor logo"):
        Card(text="", record=span(0, 2))


def test_lines_over_a_picture_leave_room_for_captions() -> None:
    long = "\n".join(["one line of many"] * 5)
    with pytest.raises(PlanError, match="does not fit"):
        check_fit(Card(text="\n".join(["x"] * 60), record=span(0, 2), over=True), 640, 360)
    rows = np.nonzero(draw_over(long, "card", 640, 360, None, PLAIN)[:, :, 3] > 200)[0]
    assert rows.max() < 0.76 * 360


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_carries_a_title_over_the_picture_and_gives_the_clips_back(
    form: str, tmp_path: Path, logo: Path
) -> None:
    plan = put(a_plan(), title="THE FILM", end_card="SOON", title_over="picture", card_background="navy", logo=logo)
    media = find_media(plan)
    timeline = build_timeline(plan, media, "mine")
    assert [card.ground for card in timeline.cards] == ["picture", "#000080"]
    try:
        data = timeline_bytes(plan, media, "mine", form)
    except TrailergenError as error:
        pytest.skip(error.what)
    path = tmp_path / f"cut{FORMATS[form].suffix}"
    path.write_bytes(data)
    found = b"THE FILM" if form != "aaf" else "THE FILM".encode("utf-16-le")
    assert found in data
    read = read_cut(path, plan.film, [])
    assert [(clip.source.start, clip.source.end) for clip in read.clips] == [
        (each.source.start, each.source.end) for each in plan.positions
    ]
