"""The storyboard's page: complete, escaped, self-contained, the same every time."""

from __future__ import annotations

import io
import json
import math
import re
import shlex
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from counterfilm import make_plan
from export_plans import with_layers
from PIL import Image

from trailergen.audio.measured import Measured
from trailergen.edit.revise.request import Edits
from trailergen.plans import Card, Plan, Sound, parse_plan
from trailergen.report import timeline
from trailergen.report.cards import clip_picture, wanted_pictures
from trailergen.report.commands import make_command, parts, revise
from trailergen.report.marks import page_mark, read_mark
from trailergen.report.peaks import outline, outline_path
from trailergen.report.pictures import POSTER_WIDTH
from trailergen.report.poster import poster_of
from trailergen.report.storyboard import Material, Trailer, name_from, relative_link, storyboard_html
from trailergen.report.voices import ducked, sound_facts

PLAN = "a trailer.plan.json"
HOSTILE = "<script>alert(1)</script> \"'&amp; \u202eżółć\N{CLAPPER BOARD} {{ 7*7 }}"
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Tree(HTMLParser):
    """Checks that tags are balanced; gathers elements with their attributes, and the text in each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, list[str]] = {}
        self.parts = False
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "code":
            self.parts = False

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        # The parts of a command are text of the command.
        if self.open[-2:] == ["code", "span"] or (self.open[-1:] == ["code"] and self.parts):
            self.text["code"][-1] += data
        elif self.open:
            self.text.setdefault(self.open[-1], []).append(data)
        self.parts = self.open[-2:] == ["code", "span"] or self.open[-1:] == ["code"]

    def having(self, name: str, value: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if value in (attributes.get(name) or "").split()]


def example(**film: Any) -> dict[str, Any]:
    """A plan of three clips with an alternative, a pin, a note, a flag and a ban."""
    plan = make_plan([(100, 148), (0, 36), (200, 260)], frames=300)
    data: dict[str, Any] = plan.model_dump(mode="json", by_alias=True)
    data["film"].update({"path": "/films/a film.mkv", **film})
    data["shots"].append({"number": 3, "in": 260, "out": 280, "flags": ["black"]})
    data["positions"][0].update(alternatives=[{"shot": 2, "probability": 0.25}, {"shot": 3, "probability": 0.1}])
    data["positions"][1].update(pinned=True, notes=["runs on into the next shot"], round=2)
    data["bans"] = [{"range": {"in": 280, "out": 300}, "why": "--ban 12-13"}]
    data["provenance"]["settings"] = {"cut_length": 1.5, "bans": [["12", "27/2"]], "decoder": "paper"}
    return data


def parse(data: dict[str, Any]) -> Plan:
    return parse_plan(json.dumps(data))


def material(plan: Plan) -> Material:
    pictures = {wanted: b"\xff\xd8%d" % wanted[0] for wanted in wanted_pictures(plan)}
    return Material(pictures, np.full((8, 2), 0.5, np.float32), Trailer("./a%20trailer.mp4", embedded=False))


def test_an_option_is_not_broken_from_its_value() -> None:
    assert parts("trailergen revise 'a b.plan.json' --unpin 3 --reroll 3") == [
        "trailergen",
        "revise",
        "'a b.plan.json'",
        "--unpin 3",
        "--reroll 3",
    ]
    assert parts("trailergen make f.mp4 --crop-bars --title 'The End'") == [
        "trailergen",
        "make",
        "f.mp4",
        "--crop-bars",
        "--title 'The End'",
    ]
    plan = parse(example())
    page = storyboard_html(plan, PLAN, material(plan))
    assert '<span class="part">--reroll 0</span>' in page


def test_what_is_heard_of_the_film_and_measured_in_the_trailer() -> None:
    plan = parse(example())
    plan = plan.model_copy(update={"sound": Sound(film="lines", loudness=-14.0)})
    assert sound_facts(plan) == ["\N{MINUS SIGN}14 LUFS", "heard of the film: nothing, there are no lines"]
    plan = plan.model_copy(update={"sound": Sound(film="low", loudness=-14.0, limit=True)})
    facts = sound_facts(plan, Measured(-14.04, -0.98))
    assert facts[:2] == [
        "\N{MINUS SIGN}14 LUFS, with a limiter",
        "measured: \N{MINUS SIGN}14.0 LUFS, true peak \N{MINUS SIGN}1.0 dBTP",
    ]
    assert facts[2] == "heard of the film: the clips' own sound at \N{MINUS SIGN}15 dB"
    soft = sound_facts(plan.model_copy(update={"sound": Sound(loudness=-14.0)}), Measured(-16.0, -1.0))
    assert "softer than asked for: its true peak is as high as it may be; --limit" in soft[1]
    assert sound_facts(plan, Measured(-math.inf, -math.inf))[1] == "measured: silence"


def test_the_poster_is_a_bright_picture_that_no_card_lies_over() -> None:
    plan = parse(example())
    greys = {0: 10, 1: 240, 2: 120}
    pictures = {clip_picture(position): jpeg(greys[at]) for at, position in enumerate(plan.positions)}
    assert poster_of(plan, pictures) == (clip_picture(plan.positions[1])[0], POSTER_WIDTH)
    covered = plan.model_copy(update={"cards": [Card(text="A", record=plan.positions[1].record)]})
    assert poster_of(covered, pictures) == (clip_picture(plan.positions[2])[0], POSTER_WIDTH)
    assert poster_of(plan, {}) is None
    page = storyboard_html(plan, PLAN, Material({(5, POSTER_WIDTH): b"x"}, trailer=Trailer("t.mp4", embedded=False)))
    assert '<video id="trailer" poster="data:image/jpeg;base64,eA=="' in page


def jpeg(grey: int) -> bytes:
    """A picture of that grey, with an edge in it."""
    picture = np.full((36, 64), grey, np.uint8)
    picture[:, 40:] = grey // 2
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "jpeg")
    return buffer.getvalue()


def test_every_position_is_there_with_its_commands() -> None:
    plan = parse(example())
    page = storyboard_html(plan, PLAN, material(plan))
    tree = Tree(page)
    cards = tree.having("class", "card")
    assert [card["data-n"] for card in cards] == ["0", "1", "2"]
    assert "shot 1, film 00:00:04:04, trailer 00:00:00:00, 2.00 s, confidence 1.00, round 1" in str(cards[0])
    assert "pinned" in str(cards[1]["aria-label"])
    assert [dialog["id"] for dialog in tree.having("aria-haspopup", "dialog")] == ["c0", "c1", "c2"]
    assert len([tag for tag, _ in tree.elements if tag == "dialog"]) == 3
    commands = [shlex.split(text) for text in tree.text["code"]]
    revisions = [words[3:] for words in commands if words[1] == "revise"]
    assert {words[2] for words in commands if words[1] == "revise"} == {PLAN}
    assert ["--reroll", "2"] in revisions and ["--ban", "shot:1"] in revisions and ["--swap", "0:2"] in revisions
    assert ["--pin", "0"] in revisions and ["--pin", "1"] not in revisions
    assert ["--unpin", "1"] in revisions and ["--unpin", "1", "--reroll", "1"] in revisions
    assert "runs on into the next shot" in page
    assert "banned by --ban 12-13" in page and "black" in page


def test_cards_say_what_is_remarkable_about_their_shots() -> None:
    data = example()
    for number, shot in enumerate(data["shots"][:3]):
        shot["readings"] = {"closeness": number / 2, "speech": [0.0, 0.0, 0.4][number], "motion": 3.0}
    page = storyboard_html(parse(data), PLAN, material(parse(data)))
    said = Tree(page).text["dd"]
    shots = [position["shot"] for position in data["positions"]]
    assert [text for text in said if text in ("wide", "close, speech 40 %")] == [
        {0: "wide", 2: "close, speech 40 %"}[shot] for shot in shots if shot != 1
    ]
    assert "lively" not in page and "still" not in page  # all move alike
    bare = parse(example())
    assert "<dt>The shot</dt>" not in storyboard_html(bare, PLAN, material(bare))


def test_cards_give_the_strongest_reasons_of_the_style() -> None:
    data = example()
    data["positions"][0]["reasons"] = {
        "act": 2.14,
        "unknown": 9.0,
        "worth": 0.1,
        "model": 0.5,
        "scene": 0.2,
        "music": 1.0,
    }
    said = Tree(storyboard_html(parse(data), PLAN, material(parse(data)))).text["dd"]
    assert "its place in the story +2.1 nats, moves as the music does +1.0 nats, the model's choice +0.5 nats" in said
    assert "<dt>Why here</dt>" not in storyboard_html(parse(example()), PLAN, material(parse(example())))


def voiced(film: str = "lines") -> Plan:
    """Three clips, two lines, one of them of a position, and titles over the second clip and half of the third."""
    plan = with_layers(
        parse(example()),
        film=film,
        lines=[(4800, 24_000, 72_000), (96_000, 120_000, 144_000)],
        cards=[(48, 84, "THE NAME"), (84, 114, HOSTILE)],
        loudness=-14.0,
        track=2,
    )
    data = plan.model_dump(mode="json", by_alias=True)
    data["cards"][1]["kind"] = "end"
    data["narration"]["notes"] = ["a line gave way"]
    data["narration"]["lines"][1].update(text=HOSTILE, position=None, similarity=None, gain=-2.5)
    return parse(data)


def test_lines_are_in_the_score_and_in_words() -> None:
    plan = voiced()
    page = storyboard_html(plan, PLAN, material(plan))
    tree = Tree(page)
    lanes, rows = tree.having("class", "said"), tree.having("class", "spoken")
    assert [lane.get("data-l") for lane in lanes if "data-l" in lane] == [row["data-l"] for row in rows] == ["0", "1"]
    assert [row["data-at"] for row in rows] == ["0.500", "2.500"]
    words = "".join(text for texts in tree.text.values() for text in texts)
    assert 'Line <0> & "more"' in words and "begins with position 0" in words and "similarity 0.25" in words
    assert "0:00.5" in words and "00:00:00:02" in words and "\N{MINUS SIGN}2.5 dB" in words
    assert "\N{MINUS SIGN}14 LUFS" in words and "heard of the film (stream 2): its lines" in words
    assert "music at \N{MINUS SIGN}12 dB under lines, 0.2 s to fall, 0.5 s to return" in words
    assert "a line gave way" in words and "2 lines, chosen by extractive" in words
    assert page.count("<script") == 1 and "49" not in "".join(tree.text["title"])


def test_titles_cover_the_positions_they_lie_over() -> None:
    plan = voiced()
    tree = Tree(storyboard_html(plan, PLAN, material(plan)))
    frames = tree.having("class", "frame")
    assert ["covered" in (frame["class"] or "") for frame in frames] == [False, True, True]
    labels = [str(card["aria-label"]) for card in tree.having("class", "card")]
    assert "under" not in labels[0]
    assert "all of it under the card THE NAME" in labels[1]
    assert f"the first 1.25 s under the end card {HOSTILE}" in labels[2]
    assert tree.text["span"].count("THE NAME") >= 2


def test_lines_that_are_not_heard_are_said_to_be() -> None:
    plan = voiced("none")
    page = storyboard_html(plan, PLAN, material(plan))
    assert "not heard: the film is silent in this plan" in page and "to fall" not in page
    assert all("mute" in (lane["class"] or "") for lane in Tree(page).having("class", "said"))
    silent = storyboard_html(parse(example()), PLAN, material(parse(example())))
    assert 'class="spoken"' not in silent and 'class="title"' not in silent and 'class="voiced"' not in silent


def test_the_outline_is_as_loud_as_the_music_is_heard() -> None:
    plan = voiced()
    flat = np.ones((600, 2), np.float32)
    heard = ducked(plan, flat)
    at = [int(600 * second / 6) for second in (0.1, 1.0, 2.1, 2.75, 5.0)]
    assert heard[at, 0] == pytest.approx([1, 10**-0.6, 1, 10**-0.6, 1], abs=0.02)
    assert ducked(voiced("none"), flat) is flat


def test_nothing_is_loaded_from_elsewhere() -> None:
    plan = parse(example())
    page = storyboard_html(plan, PLAN, material(plan))
    assert not re.search(r"https?:|//[a-z]|@import|javascript:", page)
    for _, attributes in Tree(page).elements:
        for name in ("src", "href"):
            link = attributes.get(name)
            assert link is None or link.startswith(("data:image/jpeg;base64,", "#s", "./a%20trailer.mp4"))
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_hostile_names_stay_text() -> None:
    named = HOSTILE.replace("/", "")
    data = example(path=f"/films/{named}.mkv")
    data["music"]["path"] = f"/m/{HOSTILE}.wav"
    data["positions"][0]["id"] = HOSTILE
    data["positions"][0]["notes"] = [HOSTILE, "\x00\x1b[31m"]
    data["shots"][3]["flags"] = [HOSTILE]
    data["bans"][0]["why"] = HOSTILE
    data["relaxed"] = [HOSTILE]
    data["provenance"].update(encoder=HOSTILE, decoder=HOSTILE)
    data["provenance"]["settings"]["bans"] = [[HOSTILE, HOSTILE]]
    plan = parse(data)
    path = f"../{HOSTILE}/it's.plan.json"
    page = storyboard_html(plan, path, material(plan))
    tree = Tree(page)
    assert page.count("<script") == page.count("</script") == 1
    assert named in tree.text["h1"]
    assert "7*7" in page and "49" not in "".join(tree.text["h1"])
    commands = [shlex.split(text) for text in tree.text["code"]]
    assert all(words[2] == path for words in commands if words[1] == "revise")
    assert not re.search(r"[\x00-\x08\x1b]", page)


def test_names_that_are_not_text() -> None:
    path = "\udcff.plan.json"
    plan = parse(example())
    page = storyboard_html(plan, path, material(plan))
    assert "\N{REPLACEMENT CHARACTER}" in page
    page.encode()


def test_the_same_input_gives_the_same_page() -> None:
    plan = parse(example())
    assert storyboard_html(plan, PLAN, material(plan)) == storyboard_html(plan, PLAN, material(plan))


def test_without_film_music_and_trailer() -> None:
    plan = parse(example())
    page = storyboard_html(plan, PLAN, Material(notes=("The film is not there",)))
    tree = Tree(page)
    assert len(tree.having("class", "card")) == 3
    assert "The film is not there" in page and "data:" not in re.sub(r"<meta[^>]*>", "", page)
    assert ["trailergen", "render", PLAN] in [shlex.split(text) for text in tree.text["code"]]
    assert "<video" not in page and 'class="play"' not in page


def test_the_size_grows_by_few_kilobytes_a_position() -> None:
    def size(count: int) -> int:
        plan = make_plan([(start * 50, start * 50 + 48) for start in range(count)], frames=50 * count)
        return len(storyboard_html(plan, PLAN, Material()).encode())

    assert size(10) < 70_000
    assert (size(110) - size(10)) / 100 < 5_000


def test_a_page_knows_what_it_was_made_from(tmp_path: Path) -> None:
    plan = parse(example())
    mark = page_mark(plan, PLAN, film=True, music=True, trailer=None, embed=False)
    (tmp_path / "page.html").write_text(storyboard_html(plan, PLAN, Material(), mark), encoding="utf-8")
    found = read_mark(tmp_path / "page.html")
    assert found and found[1] == mark
    assert mark != page_mark(plan, PLAN, film=False, music=True, trailer=None, embed=False)
    (tmp_path / "other.html").write_text("<p>mine</p>")
    assert read_mark(tmp_path / "other.html") is None is read_mark(tmp_path / "none.html")


def test_links_are_relative_and_escaped(tmp_path: Path) -> None:
    page = tmp_path / "boards" / "board.html"
    assert relative_link(tmp_path / "boards" / "a b#1?.mp4", page) == "./a%20b%231%3F.mp4"
    assert relative_link(tmp_path / "c:d.mp4", page) == "./../c%3Ad.mp4"
    assert name_from(page.parent, tmp_path / "boards" / "-x.plan.json") == "./-x.plan.json"
    assert name_from(page.parent, tmp_path / "x.plan.json") == "../x.plan.json"


def test_the_command_that_made_a_plan() -> None:
    plan = parse(example())
    assert make_command(plan) == (
        "trailergen make '/films/a film.mkv' --music music --cut-length 1.5 --decoder paper --ban 12-13.5"
    )
    data = example()
    data["provenance"]["revisions"] = [["--reroll 1", "--seed 0"], ["--music <other>.wav"]]
    revised = parse(data)
    assert make_command(revised) is None
    page = storyboard_html(revised, PLAN, material(revised))
    assert "--reroll 1 --seed 0" in page and "--music &lt;other&gt;.wav" in page
    data["provenance"] |= {"settings": {}, "revisions": []}
    assert make_command(parse(data)) is None


def test_the_made_with_command_chooses_the_same_lines() -> None:
    data = example()
    data["provenance"]["settings"] |= {
        "narration": {
            "subtitles": "film.srt",
            "track": None,
            "lines": 4,
            "narrator": "llm",
            "captioner": "dialogue",
            "run_over": True,
        }
    }
    data["narration"] = {"subtitles": {"path": "/films/film.srt", "sha256": "0" * 64}}
    command = make_command(parse(data))
    assert command is not None
    assert "--subtitles /films/film.srt --narration 4 --narrator llm --run-over" in command


def test_paths_are_quoted() -> None:
    path = "../a b/it's $(rm).plan.json"
    assert shlex.split(revise(path, Edits.of(pin=7))) == ["trailergen", "revise", path, "--pin", "7"]


@pytest.mark.parametrize(("rounds", "shades"), [(1, 1), (3, 3), (6, 6), (30, 6), (77, 6)])
def test_later_rounds_are_darker(rounds: int, shades: int) -> None:
    found = [timeline.band_of(round_, rounds) for round_ in range(1, rounds + 1)]
    assert found == sorted(found)
    assert sorted(set(found)) == list(range(1, shades + 1))
    assert [band.number for band in timeline.bands(rounds)] == list(range(1, shades + 1))


@pytest.mark.parametrize(
    ("start", "rate", "expected"),
    [
        (None, "24/1", "00:00:04:04"),
        ("01:00:00:00", "24/1", "01:00:04:04"),
        ("01:00:00;00", "30000/1001", "01:00:03;10"),
        ("nonsense", "24/1", "00:00:04:04"),
        ("", "24/1", "00:00:04:04"),
        ("01:00:00;00", "25/1", "00:00:04:00"),
    ],
)
def test_film_timecode(start: str | None, rate: str, expected: str) -> None:
    plan = make_plan([(100, 148)], frames=300, rate=Fraction(rate))
    assert (
        timeline.film_timecode(
            plan.model_copy(update={"film": plan.film.model_copy(update={"start_timecode": start})}), 100
        )
        == expected
    )


@pytest.mark.parametrize("seconds", [1, 7, 60, 599, 7200, 90_000])
def test_axes_have_few_labels(seconds: int) -> None:
    assert 1 <= len(timeline.ticks(Fraction(seconds))) <= 14


def test_an_outline_does_not_depend_on_the_blocks() -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, (1000, 1)).astype(np.float32)
    whole = outline([samples], 100, 900, 16)
    pieces = outline([samples[at : at + 37] for at in range(0, 1000, 37)], 100, 900, 16)
    np.testing.assert_allclose(whole, pieces, rtol=1e-6)
    np.testing.assert_allclose(
        whole[3], [np.abs(samples[250:300]).max(), np.sqrt((samples[250:300] ** 2).mean())], 1e-6
    )
    assert not outline([samples[:50]], 100, 900, 16).any()
    assert outline_path(np.array([0, 1], np.float32)) == "M0 50L1 0L1 100L0 50Z"


def luminance(colour: str) -> float:
    """WCAG 2, relative luminance."""
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_have_the_contrast_of_wcag_aa() -> None:
    folder = Path(timeline.__file__).parent
    style = "".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in ("palette", "storyboard"))
    schemes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    assert len(schemes) == 3
    for scheme in schemes[:2]:
        pairs = [(text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "raised")]
        pairs += [(f"on-b{band}", f"b{band}") for band in range(1, timeline.BANDS + 1)] + [("paper", "accent")]
        for text, ground in pairs:
            light, dark = sorted((luminance(scheme[text]), luminance(scheme[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
        shades = [luminance(scheme[f"b{band}"]) for band in range(1, timeline.BANDS + 1)]
        assert shades == sorted(shades, reverse=True)
