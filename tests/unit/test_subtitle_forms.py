"""Times and forms of subtitles as people and programs write them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from trailergen.dialogue.subtitles.cues import read_subtitles
from trailergen.dialogue.subtitles.raw import clock_seconds
from trailergen.errors import InputError

TTML = '<?xml version="1.0" encoding="UTF-8"?><tt xmlns="http://www.w3.org/ns/ttml" {}><body>{}</body></tt>'
TICKS = 'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:{}'
ASS = "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n{}"


def read(tmp_path: Path, text: str, name: str = "film.srt") -> tuple[list[tuple[float, float, str]], list[str]]:
    """The cues of a text at 25 frames a second, and what was told."""
    path = tmp_path / name
    path.write_bytes(text.encode())
    told: list[str] = []
    cues = read_subtitles(path, Fraction(25), told.append)
    return [(float(cue.start), round(float(cue.end), 6), cue.text) for cue in cues], told


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:12,600", 12.6),
        ("00:00:12.600", 12.6),
        ("0:00:12.6", 12.6),
        ("00:00:12", 12),
        ("00:12.600", 12.6),
        ("12.6", 12.6),
        ("00:00:12:600", 12.6),
        ("00:00:12:15", 12.6),
        ("\uff10\uff10\uff1a\uff10\uff10\uff1a\uff11\uff12\uff0c\uff16\uff10\uff10", 12.6),
        ("\u0660\u0660:\u0660\u0660:\u0661\u0662,\u0666\u0660\u0660", 12.6),
        ("00 : 00 : 12, 600", 12.6),
        ("100:00:01,000", 360001),
        ("-00:00:01,000", -1),
        ("twelve", None),
        ("0x:00:12,600", None),
        ("", None),
    ],
)
def test_times(text: str, seconds: float | None) -> None:
    found = clock_seconds(text, Fraction(25))
    assert found == (None if seconds is None else Fraction(str(seconds)))


@pytest.mark.parametrize(
    "head",
    [
        "00:00:12,600 --> 00:00:14,800",
        "00:00:12.600 --> 00:00:14.800",
        "00:00:12,600-->00:00:14,800",
        "00:00:12,600 -> 00:00:14,800",
        "00:00:12,600 \u2014> 00:00:14,800",
        "00:00:12,600 \u2192 00:00:14,800",
        "00:12.600 --> 00:14.800 align:start position:0%",
        "0:00:12:600 --> 0:00:14:800",
        "00:00:12:15 --> 00:00:14:20",
        "\uff10\uff10\uff1a\uff10\uff10\uff1a\uff11\uff12\uff0c\uff16\uff10\uff10 --> 00\uff1a00\uff1a14\uff0c800",
        "00:00:12,600 --> 00:00:14,800 X1:100 X2:200 Y1:1 Y2:2",
        "00:00:12.60,00:00:14.80",
        "12.6 --> 14.8",
    ],
)
def test_two_times_above_a_text(tmp_path: Path, head: str) -> None:
    text = f"1\n{head}\nHello there.\n\n2\n00:00:20,000 --> 00:00:21,000\nGo!\n"
    assert read(tmp_path, text) == ([(12.6, 14.8, "Hello there."), (20, 21, "Go!")], [])


@pytest.mark.parametrize(
    "text",
    [
        "00:00:01,000 --> 00:00:02,000\nOne.\n\n00:00:03,000 --> 00:00:04,000\nTwo.\n",  # no numbers
        "00:00:01,000 --> 00:00:02,000\nOne.\n00:00:03,000 --> 00:00:04,000\nTwo.\n",  # nor blank lines
        "7\n00:00:03,000 --> 00:00:04,000\nTwo.\n\n7\n00:00:01,000 --> 00:00:02,000\nOne.\n",  # in no order
        "1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\nOne.\r\r\n2\r\r\n00:00:03,000 --> 00:00:04,000\r\r\nTwo.\r\r\n",
        "1\n\n00:00:01,000 --> 00:00:02,000\n\nOne.\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nTwo.\n",
        "[00:00:01.000 --> 00:00:02.000]  One.\n[00:00:03.000 --> 00:00:04.000]  Two.\n",  # as Whisper prints it
        "{1}{1}23.976\n{24}{48}One.\n{72}{96}Two.\n",
    ],
)
def test_cues_in_odd_company(tmp_path: Path, text: str) -> None:
    cues, told = read(tmp_path, text)
    assert [(round(start), round(end), said) for start, end, said in cues] == [(1, 2, "One."), (3, 4, "Two.")]
    assert told == []


def test_numbers_that_are_said_stay(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nThe answer is\n42\n\n2\n00:00:03,000 --> 00:00:04,000\n1984\n"
    assert [said for _, _, said in read(tmp_path, text)[0]] == ["The answer is 42", "1984"]


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:0x:02,000 --> 00:00:03,000\nTwo.\n\n"
        "3\n00:00:04,000 --> later\nThree.\n\n4\n00:00:07,000 --> 00:00:06,000\nFour is here.\n\n"
        "5\n00:00:20,000 --> 00:00:20,000\nFive.\n"
    )
    cues, told = read(tmp_path, text)
    assert cues == [(1, 2, "One."), (7, 8.2, "Four is here.")]
    assert [line for line in told if "cannot be read" in line] == [
        "left out, cues of film.srt that cannot be read: 2, the first is 'line 6: 00:0x:02,000 --> 00:00:03,000'"
    ]
    assert any("before their beginning: 1, the first is 'Four is here.'" in line for line in told)
    assert any("last no time: 1, the first is 'Five.'" in line for line in told)


@pytest.mark.parametrize(
    ("attributes", "begin", "end"),
    [
        (TICKS.format('frameRate="24"'), "00:00:12:12", "00:00:14:18"),
        (TICKS.format('frameRate="25" ttp:frameRateMultiplier="1 1"'), "312.5f", "368.75f"),
        (TICKS.format('tickRate="10000000"'), "125000000t", "147500000t"),
        ("", "12.5s", "14750ms"),
        ("", "00:00:12.5", "00:00:14.75"),
        ("", "0h", "14.75s"),
    ],
)
def test_timed_text(tmp_path: Path, attributes: str, begin: str, end: str) -> None:
    body = f'<div><p begin="{begin}" end="{end}">Hello<br/>there.</p></div>'
    start = 0.0 if begin == "0h" else 12.5
    assert read(tmp_path, TTML.format(attributes, body), "a.ttml") == ([(start, 14.75, "Hello there.")], [])


def test_timed_text_in_other_shapes(tmp_path: Path) -> None:
    """Lengths, times of what is around, parts in turn and on their own, the namespace of a draft, a prefix."""
    nested = (
        '<div begin="10s"><p begin="2s" dur="1s">One.</p><p begin="4s"><span begin="0s" end="1s">Two.</span></p></div>'
    )
    assert read(tmp_path, TTML.format("", nested))[0] == [(12, 13, "One."), (14, 15, "Two.")]
    turns = '<div timeContainer="seq"><p dur="2s">One.</p><p dur="3s">Two.</p></div>'
    assert read(tmp_path, TTML.format("", turns))[0] == [(0, 2, "One."), (2, 5, "Two.")]
    old = TTML.replace("ns/ttml", "2006/10/ttaf1").format("", '<div><p begin="1s" end="2s">One.</p></div>')
    assert read(tmp_path, old)[0] == [(1, 2, "One.")]
    prefixed = (
        '<tt:tt xmlns:tt="http://www.w3.org/ns/ttml"><tt:body><tt:div><tt:p begin="1s" end="2s">One.</tt:p></tt:div>'
    )
    assert read(tmp_path, prefixed + "</tt:body></tt:tt>")[0] == [(1, 2, "One.")]


def test_a_time_of_timed_text_that_nobody_can_read_is_told(tmp_path: Path) -> None:
    body = '<div><p begin="soon" end="2s">One.</p><p begin="3s" end="4s">Two.</p><p>Three.</p></div>'
    cues, told = read(tmp_path, TTML.format("", body))
    assert cues == [(3, 4, "Two.")]
    assert len(told) == 1 and ": 2, the first is 'soon to 2s: One.'" in told[0]


def test_substation_with_other_fields_and_a_damaged_event(tmp_path: Path) -> None:
    text = "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,One, two.\nDialogue: 0:00:0x,0,Three.\n"
    cues, told = read(tmp_path, text, "a.ass")
    assert cues == [(1, 2, "One, two.")]
    assert "cannot be read: 1" in told[0] and "line 4" in told[0]
    over = ASS.format("Dialogue: 0,100:00:01.00,100:00:02.00,Default,,0,0,0,,Far away.\n")
    assert read(tmp_path, over, "b.ass")[0] == [(360001, 360002, "Far away.")]


def test_microdvd_counts_by_what_it_says_of_itself(tmp_path: Path) -> None:
    assert read(tmp_path, "{25}{50}One.\n{75}{}Two.\n", "a.sub")[0] == [(1, 2, "One."), (3, 4.2, "Two.")]
    assert read(tmp_path, "{1}{1}50\n{50}{100}One.\n", "a.sub")[0] == [(1, 2, "One.")]
    cues, told = read(tmp_path, "{25}{50}One.\n{oops}{60}Two.\n", "a.sub")
    assert len(cues) == 1 and "cannot be read: 1, the first is 'line 2: {oops}{60}Two.'" in told[0]


def drawn(*events: str) -> str:
    return ASS.format("".join(f"Dialogue: 0,{event}\n" for event in events))


SAID = [f"0:00:0{n}.00,0:00:0{n}.90,Default,,0,0,0,,Number {n} is said." for n in range(1, 7)]


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ("{\\an7\\pos(10,10)\\p1}m 0 0 l 100 0 100 50 0 50{\\p0}", None),
        ("{\\p1}m 0 0 l 9 9", None),
        ("{\\p4\\c&HFF&}m 0 0 b 1 2 3 4 5 6{\\p0} And words.", "And words."),
        ("Before {\\p1}m 0 0{\\p0}after.", "Before after."),
        ("{\\pos(320,40)}CITY HALL", None),
        ("{\\move(0,0,9,9)}MAIN STREET", None),
        ("{\\an8}Up here.", "Up here."),
        ("{\\pbo20}Not drawn.", "Not drawn."),
    ],
)
def test_drawings_and_signs_are_no_speakers(tmp_path: Path, event: str, kept: str | None) -> None:
    cues, told = read(tmp_path, drawn(*SAID, f"0:00:08.00,0:00:09.00,Default,,0,0,0,,{event}"), "a.ass")
    assert [said for _, _, said in cues][6:] == ([kept] if kept else [])
    assert len(told) == (kept is None and "\\p1" not in event)


def test_a_style_for_signs(tmp_path: Path) -> None:
    cues, told = read(tmp_path, drawn(*SAID, "0:00:08.00,0:00:09.00,Signs - Top,,0,0,0,,Hotel"), "a.ass")
    assert len(cues) == 6 and "signs on the picture: 1, the first is 'Hotel'" in told[0]


def test_where_everything_has_a_place_places_say_nothing(tmp_path: Path) -> None:
    everything = [event.replace(",,Number", ",,{\\an7}{\\pos(115,228)}Number") for event in SAID]
    assert len(read(tmp_path, drawn(*everything), "a.ass")[0]) == 6


def test_no_form_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no subtitles"):
        read(tmp_path, "Dear diary,\nat 10:00 nothing happened --> nothing.\n")
