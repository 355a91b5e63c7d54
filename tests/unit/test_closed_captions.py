"""Captions inside the pictures, as a track of QuickTime, and as a file: the same words at the same time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import closed_captions as cc
import ffmpeg
import pytest
from counterfilm import make_film
from test_narration_narrate import Room
from test_subtitle_zero import plan_of

from trailergen.dialogue.subtitles import sources
from trailergen.dialogue.subtitles.captions import read_captions
from trailergen.dialogue.subtitles.cues import Cue, clean_cues, read_subtitles
from trailergen.dialogue.subtitles.sources import find_cues, reread_cues
from trailergen.errors import UsageError
from trailergen.media.container import open_media
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.plans import Narration
from trailergen.session import Session
from trailergen.settings.narration import NarrationSettings
from trailergen.shots.captions import CaptionGatherer, ClosedCaptions
from trailergen.shots.decode import film_batches

POPPING = {
    10: cc.pop_on("WHO ARE YOU?"),
    40: cc.END,
    60: cc.pop_on("I am the captain", "of this old ship."),
    100: cc.END,
    130: cc.ERASE,
}
POPPED = [(40, 100, "WHO ARE YOU?"), (100, 130, "I am the captain of this old ship.")]
ROLLING = {
    10: cc.roll_up("We never speak"),
    40: cc.roll_up("about the winter."),
    70: cc.roll_up("Go now."),
    110: cc.ERASE,
}
ROLLED = [(16, 46, "We never speak"), (46, 76, "about the winter."), (76, 110, "Go now.")]
FRAMES = 144


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("plain") / "plain.mp4", FRAMES, rate=cc.RATE, size=(64, 36))


def read(parts: dict[int, list[cc.Pair]]) -> list[tuple[float, float, str]]:
    """Cues of captions, timed in pictures."""
    gatherer = CaptionGatherer()
    for at, pair in sorted(cc.laid_out(parts).items()):
        gatherer.push(at, bytes((0xFC, *pair)))
    return in_pictures(clean_cues(read_captions(gatherer.finish(), Fraction(1)).cues), Fraction(1))


def in_pictures(cues: list[Cue], rate: Fraction = cc.RATE) -> list[tuple[float, float, str]]:
    return [(float(cue.start * rate), float(cue.end * rate), cue.text) for cue in cues]


def gathered(path: Path) -> ClosedCaptions:
    """The captions that one decode of a film's pictures finds."""
    gatherer = CaptionGatherer()
    with open_media(path) as container:
        for batch in film_batches(container, probe_film(path)):
            for at, triples in batch.captions:
                gatherer.push(at, triples)
    return gatherer.finish()


def inside(film: FilmInfo) -> list[Cue]:
    return clean_cues(read_captions(gathered(film.path), film.time_base).cues)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Analyses of films have their captions and nothing else, which takes networks."""

    def known_shots(_: Session, path: Path) -> SimpleNamespace:
        return SimpleNamespace(analysis=SimpleNamespace(captions=gathered(path)))

    monkeypatch.setattr(sources, "known_shots", known_shots)


def found_in(room: Room, film: FilmInfo, **settings: str) -> list[Cue]:
    found = find_cues(room.session, plan_of(film), film, NarrationSettings(**settings))  # type: ignore[arg-type]
    return found[1] if found else []


def test_captions_pop_on_and_are_erased() -> None:
    assert read(POPPING) == POPPED


def test_captions_roll_up_and_are_said_once() -> None:
    assert read(ROLLING) == ROLLED


def test_captions_roll_up_where_some_pictures_carry_two_pairs() -> None:
    gatherer = CaptionGatherer()
    for at, pair in sorted(cc.laid_out(ROLLING).items()):
        gatherer.push(at * 4 // 5, bytes((0xFC, *pair)))
    cues = clean_cues(read_captions(gatherer.finish(), Fraction(1)).cues)
    assert [cue.text for cue in cues] == [text for *_, text in ROLLED]


def test_captions_are_painted_on() -> None:
    painted = {10: cc.PAINT + cc.ROW_14 + cc.letters("One line"), 30: cc.ROW_15 + cc.letters("and more."), 60: cc.ERASE}
    assert read(painted) == [(14, 32, "One line"), (32, 60, "and more.")]


def test_letters_with_accents_take_the_place_of_those_without() -> None:
    diaeresis = cc.command(0x12, 0x39)  # i with two dots, in place of the letter before it
    rolling = {10: cc.roll_up("Un mot nai") + diaeresis + cc.letters("f."), 60: cc.ERASE}
    assert [text for *_, text in read(rolling)] == ["Un mot naïf."]


def test_a_short_caption_in_the_place_of_another_is_another() -> None:
    popping = {10: cc.pop_on("No."), 30: cc.END, 40: cc.pop_on("No. Not that."), 70: cc.END, 90: cc.ERASE}
    assert read(popping) == [(30, 70, "No."), (70, 90, "No. Not that.")]


def test_what_nobody_erases_lasts_until_it_can_have_been_read() -> None:
    ((start, end, text),) = read({0: cc.pop_on("Still here."), 20: cc.END})
    assert (start, text) == (20, "Still here.") and end > 20


@pytest.mark.parametrize(("parts", "said"), [(POPPING, POPPED), (ROLLING, ROLLED)], ids=["pop", "roll"])
def test_captions_in_pictures_of_h264(
    tmp_path: Path, plain: Path, parts: dict[int, list[cc.Pair]], said: list[tuple[int, int, str]]
) -> None:
    """The film has B-frames: captions are in the order in which pictures are shown."""
    film = probe_film(cc.with_captions(plain, tmp_path / "film.mp4", cc.laid_out(parts)))
    assert in_pictures(inside(film)) == said


def test_captions_in_pictures_of_hevc(tmp_path: Path, plain: Path) -> None:
    source = tmp_path / "plain.mp4"
    video = ffmpeg.input(str(plain))["v"].filter("scale", 128, 72)
    run(ffmpeg.output(video, file_url(source), vcodec="libx265", vtag="hvc1", **{"x265-params": "log-level=error"}))
    film = probe_film(cc.with_captions(source, tmp_path / "film.mp4", cc.laid_out(POPPING)))
    assert film.codec == "hevc" and in_pictures(inside(film)) == POPPED


def test_captions_in_pictures_of_mpeg2(tmp_path: Path, plain: Path) -> None:
    source = tmp_path / "plain.mpg"
    video = ffmpeg.input(str(plain))["v"]
    run(ffmpeg.output(video, file_url(source), format="vob", vcodec="mpeg2video", bf=2, qscale=2))
    film = probe_film(cc.with_captions(source, tmp_path / "film.ts", cc.laid_out(POPPING)))
    for cue, (start, end, text) in zip(inside(film), POPPED, strict=True):
        assert cue.text == text
        assert abs(cue.start * cc.RATE - start) < 0.1 and abs(cue.end * cc.RATE - end) < 0.1


def test_a_track_of_captions(room: Room, tmp_path: Path, plain: Path) -> None:
    film = probe_film(cc.with_track(plain, tmp_path / "film.mov", cc.laid_out(POPPING)))
    for cue, (start, end, text) in zip(found_in(room, film, track="1"), POPPED, strict=True):
        assert cue.text == text
        assert abs(cue.start * cc.RATE - start) < 1 and abs(cue.end * cc.RATE - end) < 1


def test_a_file_of_captions(tmp_path: Path) -> None:
    for drop in (False, True):
        path = tmp_path / f"{drop}.scc"
        path.write_text(cc.scc(cc.laid_out(POPPING), drop))
        assert in_pictures(read_subtitles(path)) == POPPED
    told: list[str] = []
    path.write_text(cc.scc(cc.laid_out(POPPING)) + "00:00:59:30\t9420\n\nnonsense\n")
    assert in_pictures(read_subtitles(path, note=told.append)) == POPPED
    assert len(told) == 1 and "cannot be read: 2" in told[0] and "00:00:59:30" in told[0]


def test_lines_of_a_file_that_leave_no_time_for_each_other(tmp_path: Path) -> None:
    def line(at: str, pairs: list[cc.Pair]) -> str:
        return f"{at}\t{' '.join(f'{first:02x}{last:02x}' for first, last in pairs)}\n"

    path = tmp_path / "close.scc"
    lines = [
        line("00:00:01:15", cc.pop_on("over the lazy dog.") + cc.END),
        line("00:00:01:00", cc.pop_on("The quick brown fox jumps") + cc.END),
        line("00:00:05:00", cc.ERASE),
    ]
    path.write_text("\n".join(["", "Scenarist_SCC V1.0\n", *lines]))
    assert [cue.text for cue in read_subtitles(path)] == ["The quick brown fox jumps", "over the lazy dog."]


@pytest.mark.usefixtures("decoded")
def test_a_plan_remembers_captions(room: Room, tmp_path: Path, plain: Path) -> None:
    film = probe_film(cc.with_captions(plain, tmp_path / "film.mp4", cc.laid_out(POPPING)))
    plan = plan_of(film)
    found = find_cues(room.session, plan, film, NarrationSettings())
    assert found is not None and found[0].stream == 0 and found[1] == inside(film)
    assert "the subtitles are the captions in the pictures of stream 0 (CC1)" in room.shown.getvalue()
    assert (
        reread_cues(room.session, plan.model_copy(update={"narration": Narration(subtitles=found[0])}), film)
        == found[1]
    )
    assert found_in(room, film, track="0") == found[1]
    with pytest.raises(UsageError, match="has no subtitles 'en'"):
        found_in(room, film, track="en")


@pytest.mark.usefixtures("decoded")
def test_captions_that_are_not_read_are_told(room: Room, tmp_path: Path, plain: Path) -> None:
    second, digital = bytes((0xFD, 0x15, 0x20 | 0x80)), bytes((0xFE, 0x41, 0x42))
    film = probe_film(cc.with_captions(plain, tmp_path / "film.mp4", {}, second + digital))
    assert not found_in(room, film)
    with pytest.raises(UsageError, match="has no subtitles '0'"):
        found_in(room, film, track="0")
    shown = room.shown.getvalue()
    assert "second field of the pictures of stream 0 (CC3) are not read" in shown
    assert "CEA-708 alone, which cannot be read" in shown
