from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from counterfilm import make_film
from hypothesis import given, settings
from hypothesis import strategies as st
from llm_server import LlmServer, Reply, language_model
from test_plan import plan_json

from trailergen.dialogue.narrate import narrate, replace_lines
from trailergen.dialogue.narrators.endpoint import Endpoint
from trailergen.dialogue.revise import LineRequest, revise_lines
from trailergen.errors import EndpointError, InputError, UsageError
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.plans import SAMPLE_RATE, Narration, Plan, Range, dump_plan, parse_plan, span, violations
from trailergen.runtime.cache import StageCache
from trailergen.runtime.device import Device
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.settings.narration import NarrationSettings

KEY = "sk-very-secret-0123456789"
SHOT = 240
"""Frames of a shot: ten seconds at 24 frames/s."""
TEXTS = [
    "Nobody leaves the island tonight.",
    "My brother built this ship himself!",
    "Who stole the map of the north?",
    "We never speak about the winter.",
    "The captain knows where they hide.",
    "You must not trust the old woman.",
    "All of them will come for the gold.",
    "Something is moving in the water.",
    "I was born in a house like this.",
    "Can you hear the bells from here?",
    "The bridge will not hold for long.",
    "They burned every letter she wrote.",
]


@dataclass(frozen=True)
class Heard:
    source: Range
    gain: float


Spans = Sequence[tuple[Fraction, Fraction]]


def voices(before: float = 0.0, after: float = 0.0) -> Callable[[Spans], list[Heard | None]]:
    """Everything is heard as its cue says, or so many seconds longer."""

    def find(spans: Spans) -> list[Heard | None]:
        assert list(spans) == sorted(spans)
        edges = [
            (max(0, int((a - Fraction(before)) * SAMPLE_RATE)), int((b + Fraction(after)) * SAMPLE_RATE))
            for a, b in spans
        ]
        return [Heard(span(start, end), 1.5) for start, end in edges]

    return find


def make_plan(lengths: list[int], **more: Any) -> Plan:
    """Clips of so many frames, each from a shot of its own; lines are heard."""
    data = plan_json(lengths, SHOT) | {"sound": {"film": "lines"}}
    return parse_plan(json.dumps(data | more))


def clock(seconds: float) -> str:
    return (
        f"{int(seconds // 3600):02}:{int(seconds // 60 % 60):02}:{int(seconds % 60):02},{int(seconds * 1000 % 1000):03}"
    )


def write_srt(path: Path, said: Sequence[tuple[float, float, str]]) -> Path:
    blocks = (f"{n}\n{clock(start)} --> {clock(end)}\n{text}\n" for n, (start, end, text) in enumerate(said, 1))
    path.write_text("\n".join(blocks))
    return path


class Room:
    """Where a narration is made: a film that has sound, subtitles, a display that is kept."""

    def __init__(self, folder: Path, film: FilmInfo) -> None:
        self.folder, self.film = folder, film
        self.shown = io.StringIO()
        self.session = Session(StageCache(folder / "cache"), Progress(ProgressKind.plain, self.shown), Device.cpu)
        self.srt = folder / "film.srt"

    def subtitles(self, count: int = 12, length: float = 1.5, every: float = 10.0) -> NarrationSettings:
        """One line in every shot, two seconds after it begins."""
        said = [(n * every + 2, n * every + 2 + length, TEXTS[n % len(TEXTS)]) for n in range(count)]
        return NarrationSettings(subtitles=write_srt(self.srt, said))

    def narrate(
        self, plan: Plan, wish: NarrationSettings, find: Any = None, endpoint: Endpoint | None = None
    ) -> Narration:
        """The narration, after the plan was seen to be valid with it."""
        found = narrate(self.session, plan, self.film, wish, find or voices(), endpoint)
        assert found is not None
        assert checked(plan, found) == []
        return found


def checked(plan: Plan, narration: Narration | None) -> list[str]:
    whole = plan.model_copy(update={"narration": narration})
    return violations(parse_plan(dump_plan(whole)))


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> FilmInfo:
    """A film without subtitles that says it has sound."""
    path = make_film(tmp_path_factory.mktemp("film") / "film.mp4", 24, size=(64, 36))
    return replace(probe_film(path), has_audio=True)


@pytest.fixture(autouse=True)
def no_weights(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path_factory.getbasetemp() / "none"))


@pytest.fixture
def room(tmp_path: Path, film: FilmInfo) -> Room:
    return Room(tmp_path, film)


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with language_model() as found:
        yield found


@pytest.mark.parametrize(
    ("clips", "asked", "count"),
    [(12, "auto", 3), (4, "auto", 1), (2, "auto", 1), (12, 1, 1), (12, 5, 5), (12, 12, 12), (3, 3, 3)],
)
def test_so_many_lines(room: Room, clips: int, asked: Any, count: int) -> None:
    """``auto`` is one in eight seconds and one at least; clips have two seconds."""
    plan = make_plan([48] * clips)
    found = room.narrate(plan, replace(room.subtitles(clips), lines=asked))
    assert len(found.lines) == count
    assert found.narrator == "extractive" and found.captioner.startswith("dialogue")
    assert found.notes == []


def test_what_a_line_says_of_itself(room: Room) -> None:
    plan = make_plan([72] * 6)
    found = room.narrate(plan, replace(room.subtitles(6), lines=3))
    assert found.subtitles is not None
    assert (found.subtitles.path, found.subtitles.stream) == (str(room.srt), None)
    assert [line.id for line in found.lines] == ["l0", "l1", "l2"]
    for line in found.lines:
        (number,) = line.cues
        assert line.text == TEXTS[number] and line.gain == 1.5
        assert line.source == span((number * 10 + 2) * SAMPLE_RATE, int((number * 10 + 3.5) * SAMPLE_RATE))
        position = next(position for position in plan.positions if position.id == line.position)
        assert line.record.start == (position.record.start / 24 + 0.1) * SAMPLE_RATE
        assert line.record.end <= position.record.end / 24 * SAMPLE_RATE
    assert [line.cues for line in found.lines] == sorted(line.cues for line in found.lines)


def test_lines_stand_over_the_clips_they_are_said_in(room: Room) -> None:
    """Each clip shows the moments before its line: what is said around it is the line itself."""
    found = room.narrate(make_plan([60] * 6), replace(room.subtitles(6), lines=6))
    assert [line.position for line in found.lines] == [f"p{n:03}" for n in range(6)]
    assert all(line.similarity and line.similarity > 0.2 for line in found.lines)


def test_the_same_again(room: Room) -> None:
    plan, wish = make_plan([48] * 12), replace(room.subtitles(12), lines=5)
    assert room.narrate(plan, wish) == room.narrate(plan, wish)


@pytest.mark.parametrize(("asked", "clips", "there"), [(6, 4, 4), (20, 12, 12), (999, 12, 12)])
def test_more_lines_than_clips_are_not_there(room: Room, asked: int, clips: int, there: int) -> None:
    found = room.narrate(make_plan([48] * clips), replace(room.subtitles(12), lines=asked))
    assert len(found.lines) == there
    assert f"{asked} lines were asked for, {there} are there" in found.notes
    assert f"lines: {asked} lines were asked for" in room.shown.getvalue()


@pytest.mark.parametrize("lines", ["off", 0])
def test_no_lines_are_asked_for(room: Room, lines: Any) -> None:
    assert (
        narrate(room.session, make_plan([48] * 4), room.film, replace(room.subtitles(), lines=lines), voices()) is None
    )
    silent = make_plan([48] * 4, sound={"film": "none"})
    assert narrate(room.session, silent, room.film, room.subtitles(), voices()) is None
    assert room.shown.getvalue() == ""


def test_a_film_without_sound_has_no_lines(room: Room) -> None:
    silent = replace(room.film, has_audio=False)
    assert narrate(room.session, make_plan([48] * 4), silent, room.subtitles(), voices()) is None
    assert room.shown.getvalue() == "no lines: the film has no sound\n"


def test_a_film_without_subtitles_has_no_lines(room: Room) -> None:
    for _ in range(2):  # the second time from the cache
        assert narrate(room.session, make_plan([48] * 4), room.film, NarrationSettings(), voices()) is None
    assert room.shown.getvalue().count("--subtitles names a file of them") == 2


def test_subtitles_that_are_wanted_must_be_there(room: Room) -> None:
    with pytest.raises(UsageError, match="no subtitles 'en'"):
        narrate(room.session, make_plan([48] * 4), room.film, NarrationSettings(track="en"), voices())
    with pytest.raises(InputError, match=r"gone\.srt"):
        narrate(room.session, make_plan([48]), room.film, NarrationSettings(subtitles=Path("gone.srt")), voices())


def test_what_is_banned_is_not_heard(room: Room) -> None:
    """Of the lines of 12 shots those in a ban, after the spoilers begin and over credits are left out."""
    bans = [
        {"range": {"in": 5 * SHOT, "out": 6 * SHOT}, "why": "ban"},
        {"range": {"in": 8 * SHOT, "out": 12 * SHOT}, "why": "spoiler"},
    ]
    plan = make_plan([48] * 12)
    data = json.loads(dump_plan(plan))
    data["shots"][2]["flags"] = ["credits"]
    kept = [p for n, p in enumerate(data["positions"]) if n < 5 or 6 <= n < 8]
    for n, position in enumerate(kept):
        position["record"] = {"in": n * 48, "out": n * 48 + 48}
    data.update(positions=kept, segments=data["segments"][:7], bans=bans)
    data["sequence"]["frames"] = 7 * 48
    data["music"]["part"]["out"] = 7 * 48 * 2000
    plan = parse_plan(json.dumps(data))
    found = room.narrate(plan, replace(room.subtitles(12), lines=7))
    assert {line.cues[0] for line in found.lines} == {0, 1, 3, 4, 6, 7}
    assert "7 lines were asked for, 6 are there" in found.notes


def test_a_voice_that_runs_into_a_ban_is_not_heard(room: Room) -> None:
    """The cue ends before the ban, the voice in it."""
    plan = make_plan([72] * 6, bans=[{"range": {"in": 84, "out": 100}, "why": "ban"}])
    wish = replace(room.subtitles(6), lines=6)
    assert room.narrate(plan, wish).lines[0].cues == [0]
    longer = room.narrate(plan, wish, voices(after=0.2))
    assert [line.cues[0] for line in longer.lines] == [1, 2, 3, 4, 5]


def test_a_voice_that_runs_over_the_films_end_is_not_heard(room: Room) -> None:
    srt = write_srt(room.srt, [(12, 14, TEXTS[0]), (17.9, 19.9, TEXTS[1])])
    found = room.narrate(make_plan([72] * 2), NarrationSettings(subtitles=srt, lines=2), voices(after=0.3))
    assert [line.text for line in found.lines] == [TEXTS[0]]


def test_what_is_not_heard_is_passed_over_for_the_next(room: Room) -> None:
    heard = voices()

    def deaf(spans: Spans) -> list[Heard | None]:
        return [None if start == 2 else voice for (start, _), voice in zip(spans, heard(spans), strict=True)]

    found = room.narrate(make_plan([48] * 6), replace(room.subtitles(6), lines=6), deaf)
    assert [line.cues[0] for line in found.lines] == [1, 2, 3, 4, 5]
    assert f"passed over, nothing is heard there: {TEXTS[0]}" in found.notes
    assert (
        room.narrate(make_plan([48] * 6), replace(room.subtitles(6), lines=6), lambda spans: [None] * len(spans)).lines
        == []
    )


def test_lines_keep_off_cards(room: Room) -> None:
    cards = [{"text": "A TITLE", "kind": "title", "record": {"in": 48, "out": 96}}]
    found = room.narrate(make_plan([48] * 4, cards=cards), replace(room.subtitles(4), lines=4))
    assert len(found.lines) == 3
    assert "p001" not in {line.position for line in found.lines}
    assert any(note.startswith("dropped, there is no room for it: ") for note in found.notes)


def test_everything_under_cards(room: Room) -> None:
    cards = [{"text": "A TITLE", "kind": "title", "record": {"in": 0, "out": 96}}]
    found = room.narrate(make_plan([48] * 2, cards=cards), room.subtitles(2))
    assert found.lines == [] and found.captioner == ""
    assert any("no line of the subtitles is whole" in note for note in found.notes)


def test_lines_longer_than_clips_need_to_run_over(room: Room) -> None:
    plan, wish = make_plan([36] * 6), replace(room.subtitles(6, length=3.5), lines=2)
    assert room.narrate(plan, wish).lines == []
    found = room.narrate(plan, replace(wish, run_over=True))
    assert len(found.lines) == 2
    assert found.lines[1].record.start - found.lines[0].record.end >= SAMPLE_RATE / 2


def test_auto_leaves_most_of_a_trailer_without_lines(room: Room) -> None:
    plan = make_plan([120] * 10)
    found = room.narrate(plan, room.subtitles(10, length=4.5))
    assert 1 <= len(found.lines) < 6
    assert sum(len(line.source) for line in found.lines) <= 50 * SAMPLE_RATE / 3
    assert len(room.narrate(plan, replace(room.subtitles(10, length=4.5), lines=6)).lines) == 6


def test_without_words_in_common_lines_are_spread(room: Room) -> None:
    """Nothing is said around the clips: a line stands about as far into the trailer as it does into the lines."""
    said = [(100 + 10 * n, 101.5 + 10 * n, TEXTS[n]) for n in range(4)]
    plan = make_plan([48] * 20)
    data = json.loads(dump_plan(plan))
    data["film"]["frames"] = 200 * 24 * 2
    far = [{"number": n, "in": 5000 + n * 60, "out": 5060 + n * 60} for n in range(20)]
    for n, position in enumerate(data["positions"]):
        position["source"] = {"in": 5000 + n * 60, "out": 5048 + n * 60}
    plan = parse_plan(json.dumps(data | {"shots": far}))
    found = room.narrate(plan, NarrationSettings(subtitles=write_srt(room.srt, said), lines=4))
    places = [int(str(line.position)[1:]) for line in found.lines]
    assert len(places) == 4 and all(
        abs(place - wanted) <= 1 for place, wanted in zip(places, (2, 7, 12, 17), strict=True)
    )


def test_a_language_model_chooses_once(room: Room, server: LlmServer) -> None:
    """The second time the cache remembers; the key is in no file, no note and no plan."""
    server.always = lambda _: Reply("[5, 3, 8, 1, 2, 4, 6, 7]")
    plan, wish = make_plan([48] * 12), replace(room.subtitles(12), lines=3, narrator="llm")
    endpoint = Endpoint(server.url, "m", KEY, 10)
    found = [room.narrate(plan, wish, endpoint=endpoint) for _ in range(2)]
    assert found[0] == found[1] and len(server.seen) == 1
    assert [line.cues[0] for line in found[0].lines] == [3, 5, 8]
    assert found[0].narrator == "llm m at 127.0.0.1"
    written = dump_plan(plan.model_copy(update={"narration": found[0]})).encode()
    files = [path.read_bytes() for path in room.folder.rglob("*") if path.is_file()]
    assert files and all(KEY.encode() not in text for text in (*files, written, room.shown.getvalue().encode()))


@pytest.mark.parametrize("narrator", ["llm", "auto"])
@pytest.mark.parametrize("trouble", ["no endpoint", "no key", "refused"])
def test_without_a_language_model(room: Room, server: LlmServer, narrator: Any, trouble: str) -> None:
    """``llm`` says why and what to do; ``auto`` says so and goes on without one."""
    server.always = lambda _: Reply(status=401, body=b'{"error": {"message": "invalid key"}}')
    endpoint = {"no endpoint": None, "no key": Endpoint(), "refused": Endpoint(server.url, "m", KEY, 10)}[trouble]
    plan, wish = make_plan([48] * 6), replace(room.subtitles(6), narrator=narrator)
    if narrator == "llm":
        with pytest.raises(EndpointError if trouble == "refused" else UsageError) as caught:
            narrate(room.session, plan, room.film, wish, voices(), endpoint)
        said = str(caught.value)
    else:
        found = room.narrate(plan, wish, endpoint=endpoint)
        assert found.narrator == "extractive" and found.lines
        (said,) = found.notes
        assert said.startswith("chosen without a language model, ") and said in room.shown.getvalue()
    assert KEY not in said
    assert ("HTTP 401" if trouble == "refused" else "TRAILERGEN_LLM_KEY") in said


@st.composite
def cases(draw: st.DrawFn) -> tuple[Plan, list[tuple[float, float, str]], NarrationSettings, float, float]:
    """Any trailer, cards and bans with any subtitles, and voices longer or shorter than their cues."""
    lengths = draw(st.lists(st.integers(6, 120), min_size=1, max_size=8))
    plan = make_plan(lengths)
    shown = [position.source for position in plan.positions]
    bans = [
        {"range": {"in": at, "out": at + draw(st.integers(1, 60))}, "why": "ban"}
        for at in draw(st.lists(st.integers(0, plan.film.frames), max_size=3))
    ]
    bans = [ban for ban in bans if not any(s.start < ban["range"]["out"] and ban["range"]["in"] < s.end for s in shown)]
    marks = sorted(draw(st.sets(st.integers(0, plan.sequence.frames), max_size=4)))
    cards = [{"text": "T", "record": {"in": a, "out": b}} for a, b in zip(marks[::2], marks[1::2], strict=False)]
    plan = make_plan(lengths, bans=bans, cards=cards)
    at, said = 0.0, []
    for _ in range(draw(st.integers(1, 10))):
        at += draw(st.integers(0, 80)) / 10
        length = draw(st.integers(5, 65)) / 10
        said.append((at, at + length, draw(st.sampled_from([*TEXTS, "yes", "- No.", "Well..."]))))
        at += draw(st.sampled_from([length, length, 0]))
    wish = NarrationSettings(lines=draw(st.sampled_from(["auto", 1, 3, 20])), run_over=draw(st.booleans()))
    return plan, said, wish, draw(st.integers(-3, 3)) / 10, draw(st.integers(-3, 3)) / 10


@given(cases(), st.lists(st.integers(6, 120), min_size=1, max_size=8))
@settings(max_examples=60)
def test_any_plan_stays_valid(
    tmp_path_factory: pytest.TempPathFactory, film: FilmInfo, case: Any, others: list[int]
) -> None:
    """With lines, and with the same lines over other places."""
    plan, said, wish, before, after = case
    room = Room(tmp_path_factory.getbasetemp(), film)
    wish = replace(wish, subtitles=write_srt(room.srt, said))
    found = narrate(room.session, plan, film, wish, voices(before, after))
    assert found is not None and checked(plan, found) == []
    wanted = wish.lines if isinstance(wish.lines, int) else len(plan.positions)
    assert len(found.lines) <= min(wanted, len(plan.positions))
    closed = [(c.record.start * 2000, c.record.end * 2000) for c in plan.cards]
    assert all(line.record.end <= a or b <= line.record.start for line in found.lines for a, b in closed)
    moved = make_plan(others + [SHOT - 2] * (len(plan.shots) - len(others))).model_copy(update={"narration": found})
    again = replace_lines(room.session, moved, film, wish)
    assert again is not None and checked(moved.model_copy(update={"narration": None}), again) == []
    assert {line.id for line in again.lines} <= {line.id for line in found.lines}


def test_lines_over_other_places(room: Room) -> None:
    """They keep what they are, and stand over other clips."""
    wish = replace(room.subtitles(6), lines=4)
    old = room.narrate(make_plan([48] * 6), wish)
    plan = make_plan([30, 50, 70, 50, 70, 60]).model_copy(update={"narration": old})
    new = replace_lines(room.session, plan, room.film, wish)
    assert new is not None and checked(plan, new) == [] and new.notes == []
    assert (new.subtitles, new.narrator, new.captioner) == (old.subtitles, old.narrator, old.captioner)
    for one, other in zip(old.lines, new.lines, strict=True):
        assert (one.id, one.text, one.cues, one.source, one.gain) == (
            other.id,
            other.text,
            other.cues,
            other.source,
            other.gain,
        )
    assert all(
        line.record.start != before.record.start for line, before in zip(new.lines[1:], old.lines[1:], strict=True)
    )


def test_the_longest_gives_way_where_there_are_fewer_places(room: Room) -> None:
    said = [(2, 3.5, TEXTS[0]), (12, 13.8, TEXTS[1]), (22, 23.4, TEXTS[2])]
    wish = NarrationSettings(subtitles=write_srt(room.srt, said), lines=3)
    old = room.narrate(make_plan([72] * 3), wish)
    new = replace_lines(room.session, make_plan([72] * 2 + [6]).model_copy(update={"narration": old}), room.film, wish)
    assert new is not None and [line.text for line in new.lines] == [TEXTS[0], TEXTS[2]]
    assert [line.id for line in new.lines] == ["l0", "l2"]
    assert new.notes == [f"dropped, there is no room for it: {TEXTS[1]}"]


def test_lines_that_are_banned_now_are_dropped(room: Room) -> None:
    wish = replace(room.subtitles(4), lines=4)
    old = room.narrate(make_plan([60] * 4), wish)
    bans = [{"range": {"in": 70, "out": 80}, "why": "ban"}]
    plan = make_plan([60] * 4, bans=bans).model_copy(update={"narration": old})
    new = replace_lines(room.session, plan, room.film, wish)
    assert new is not None and checked(plan, new) == []
    assert [line.id for line in new.lines] == ["l1", "l2", "l3"]
    assert new.notes == [f"dropped, it is banned: {TEXTS[0]}"]
    assert f"lines: dropped, it is banned: {TEXTS[0]}" in room.shown.getvalue()


@pytest.mark.parametrize("how", ["gone", "changed", "film"])
def test_lines_whose_subtitles_are_no_longer_there(room: Room, how: str) -> None:
    """They are placed all the same, evenly, as nothing is known of the clips."""
    wish = replace(room.subtitles(6), lines=3)
    old = room.narrate(make_plan([48] * 6), wish)
    assert old.subtitles is not None
    if how == "gone":
        room.srt.unlink()
    elif how == "changed":
        room.subtitles(5)
    else:
        old = old.model_copy(update={"subtitles": old.subtitles.model_copy(update={"stream": 3})})
    plan = make_plan([60] * 6).model_copy(update={"narration": old})
    new = replace_lines(room.session, plan, None if how == "film" else room.film, wish)
    assert new is not None and checked(plan, new) == []
    assert [line.id for line in new.lines] == ["l0", "l1", "l2"]
    assert new.captioner == "nothing" and all(line.similarity == 0 for line in new.lines)


def test_no_lines_stay_no_lines(room: Room) -> None:
    plan = make_plan([48] * 2)
    assert replace_lines(room.session, plan, room.film, room.subtitles()) is None
    empty = plan.model_copy(update={"narration": Narration(notes=["none"])})
    assert replace_lines(room.session, empty, room.film, room.subtitles()) == Narration(notes=["none"])


@pytest.mark.parametrize(
    ("known", "asked", "expected"),
    [
        ({"path": "/old.srt"}, {}, {"subtitles": Path("/old.srt")}),
        ({"path": "/film.mkv", "stream": 3}, {}, {"track": "3"}),
        ({"path": "/old.srt"}, {"track": "en"}, {"track": "en"}),
        ({"path": "/film.mkv", "stream": 3}, {"subtitles": Path("new.srt")}, {"subtitles": Path("new.srt")}),
        (None, {}, {}),
    ],
)
def test_lines_chosen_anew_come_from_the_plans_subtitles(
    room: Room, monkeypatch: pytest.MonkeyPatch, known: Any, asked: dict[str, Any], expected: dict[str, Any]
) -> None:
    seen: list[NarrationSettings] = []
    monkeypatch.setattr("trailergen.dialogue.add.add_lines", lambda *given: seen.append(given[4]))
    narration = Narration.model_validate({"subtitles": known and {"sha256": "0" * 64, **known}})
    old = make_plan([48] * 2).model_copy(update={"narration": narration})
    revise_lines(room.session, old, old, room.film, Path("m"), LineRequest(anew=NarrationSettings(lines=3, **asked)))
    assert seen == [NarrationSettings(lines=3, **expected)]


def test_lines_taken_away_and_lines_that_stay(room: Room) -> None:
    plan = make_plan([60] * 6)
    old = plan.model_copy(update={"narration": room.narrate(plan, replace(room.subtitles(6), lines=4))})
    assert old.narration is not None
    same = revise_lines(room.session, old, plan, room.film, Path("m"), LineRequest())
    assert same == old
    fewer = revise_lines(room.session, old, plan, room.film, Path("m"), LineRequest(drop=frozenset({0, 2})))
    assert fewer.narration is not None
    assert fewer.narration.lines == [old.narration.lines[1], old.narration.lines[3]]
    with pytest.raises(UsageError, match="there is no line 4"):
        revise_lines(room.session, old, plan, room.film, Path("m"), LineRequest(drop=frozenset({4})))
