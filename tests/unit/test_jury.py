"""The user study: letters shuffled for each judge, nothing that tells whose a trailer is, and scores counted right."""

from __future__ import annotations

import io
import json
import re
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import make_film, make_plan, read_number
from export_plans import with_layers
from PIL import Image
from test_report import HOSTILE, Tree
from typer.testing import CliRunner

from trailergen.cli import app
from trailergen.errors import InputError, UsageError
from trailergen.media.ffmpeg import file_url, run
from trailergen.plans import Plan, dump_plan
from trailergen.report.jury.answers import ANSWERS_SCHEMA, Answers, read_answers
from trailergen.report.jury.entries import Entry, read_entries
from trailergen.report.jury.key import Key, dump_key, make_key, orders, read_key
from trailergen.report.jury.page import judge_page, sheet_exhibit, video_exhibit
from trailergen.report.jury.questions import QUESTIONS, Question, read_questions
from trailergen.report.jury.radar import draw_radar
from trailergen.report.jury.scores import mean_of, score
from trailergen.report.jury.seen import Seen, Sighting, see
from trailergen.report.jury.sheets import draw_sheet
from trailergen.report.jury.table import score_table
from trailergen.report.jury.video import blind_video
from trailergen.runtime.cache import StageCache, file_sha256
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session

NAMES = ("our-secret", "their-secret", "random-secret")


def entries(names: tuple[str, ...] = NAMES) -> list[Entry]:
    return [Entry(name, Path(f"/trailers/{name}.mp4"), f"{number:064x}", None) for number, name in enumerate(names)]


def key_of(judges: int = 3, seed: int = 0, names: tuple[str, ...] = NAMES) -> Key:
    return make_key(entries(names), QUESTIONS, judges, seed)


def said(key: Key, judge: str, scores: dict[str, list[int | None]], **words: str) -> dict[str, Any]:
    """What a judge's page saves who thinks this of each trailer, by its name and in the order of the questions."""
    letters = {key.trailers[index].name: letter for letter, index in key.judges[judge].items()}
    trailers = {
        letters[name]: {
            "scores": {q.id: value for q, value in zip(key.questions, given, strict=True) if value is not None},
            "strongest": words.get(name, ""),
            "weakest": "",
            "remarks": "",
        }
        for name, given in scores.items()
    }
    return {"schema": ANSWERS_SCHEMA, "study": key.study, "judge": judge, "trailers": trailers}


def parsed(*answers: dict[str, Any]) -> list[Answers]:
    return [Answers.model_validate(one) for one in answers]


def session(folder: Path) -> Session:
    return Session(StageCache(folder / "cache"), Progress(ProgressKind.none))


def a_film(folder: Path, plan: Plan) -> Plan:
    """The plan, made from a film that is there."""
    film = folder / "film.mp4"
    if not film.exists():
        make_film(film, plan.film.frames)
    update = {"path": str(film), "sha256": file_sha256(film)}
    return plan.model_copy(update={"film": plan.film.model_copy(update=update)})


def test_every_judge_of_a_round_has_another_order_and_each_trailer_is_every_letter_once() -> None:
    for trailers in (2, 3, 5):
        found = orders(trailers, 3 * trailers, "seed")
        for first in range(0, len(found), trailers):
            block = found[first : first + trailers]
            assert len({tuple(order) for order in block}) == trailers
            assert all(sorted(column) == list(range(trailers)) for column in zip(*block, strict=True))
    assert len(orders(3, 4, "seed")) == 4


def test_the_key_goes_by_seed_and_trailers_and_nothing_else() -> None:
    assert key_of(seed=7) == key_of(seed=7)
    assert len({json.dumps(key_of(6, seed).judges) for seed in range(8)}) > 4
    assert len({key_of(3, seed).study for seed in range(8)}) == 8
    other = make_key(entries(("x", "y", "z")), QUESTIONS, 3, 7)  # the same content by other names
    assert other.judges == key_of(seed=7).judges
    changed = [Entry(entry.name, entry.path, entry.sha256[::-1], None) for entry in entries()]
    assert make_key(changed, QUESTIONS, 30, 7).judges != key_of(30, 7).judges


def test_scoring_undoes_the_shuffling() -> None:
    key = key_of(judges=6)
    thought: dict[str, list[int | None]] = {NAMES[0]: [7, 7, 7, 7], NAMES[1]: [1, 2, 3, 4], NAMES[2]: [4, 4, 4, 4]}
    found = score(key, parsed(*(said(key, judge, thought) for judge in key.judges)))
    assert [trailer.name for trailer in found.trailers] == list(NAMES)
    for trailer in found.trailers:
        assert [mean.mean for mean in trailer.aspects.values()] == thought[trailer.name]
        assert trailer.overall.mean == np.mean([value for value in thought[trailer.name] if value])
    assert [(pair.above, pair.level, pair.below) for pair in found.pairs] == [(6, 0, 0), (6, 0, 0), (0, 0, 6)]
    assert found.missing == 0


def test_means_and_intervals_by_hand() -> None:
    # s = 1 and t(0.975, 2) = 4.302653: 4.302653 / sqrt(3) = 2.484138.
    found = mean_of(np.array([4.0, 5.0, 6.0]))
    assert (found.judges, found.mean) == (3, 5.0)
    assert (found.low, found.high) == pytest.approx((5 - 2.484138, 5 + 2.484138), abs=1e-5)
    # s = sqrt(2) and t(0.975, 1) = 12.706205.
    found = mean_of(np.array([3.0, np.nan, 5.0]))
    assert (found.low, found.high) == pytest.approx((4 - 12.706205, 4 + 12.706205), abs=1e-5)
    one, none = mean_of(np.array([3.0])), mean_of(np.array([np.nan]))
    assert (one.mean, one.low, one.high) == (3.0, None, None) and (none.judges, none.mean) == (0, None)
    equal = mean_of(np.array([6.0, 6.0]))
    assert (equal.low, equal.high) == (6.0, 6.0)


def test_what_was_not_answered_counts_for_nothing() -> None:
    key = key_of(judges=2)
    first = said(key, "1", {NAMES[0]: [5, None, 3, 4], NAMES[1]: [2, 2, 2, 2]})
    second = said(key, "2", {NAMES[0]: [7, 6, 5, 6], NAMES[1]: [6, 6, 6, 6], NAMES[2]: [None] * 4})
    first["trailers"][next(iter(first["trailers"]))]["scores"].setdefault("rhythm", None)
    found = score(key, parsed(first, second))
    ours, theirs, random = found.trailers
    assert (ours.aspects["theme"].mean, ours.aspects["rhythm"].mean, ours.aspects["rhythm"].judges) == (6, 6, 1)
    assert (ours.overall.judges, ours.overall.mean, random.overall.mean) == (1, 6, None)
    assert theirs.overall.judges == 2
    pair = found.pairs[0]
    assert (pair.above, pair.level, pair.below) == (0, 1, 0)
    assert found.missing == 1 + 8
    table = score_table(found, key.questions)
    assert "9 answers are missing" in table and f"{NAMES[0]} above {NAMES[1]}: 0 of 1 judges" in table


def test_remarks_are_shown_without_what_commands_a_terminal() -> None:
    key = key_of(judges=1)
    one = said(key, "1", {NAMES[0]: [1, 1, 1, 1]}, **{NAMES[0]: "clip 3\x1b[2J\n and 4"})
    table = score_table(score(key, parsed(one)), key.questions)
    assert "judge 1: strongest clip 3 [2J and 4" in table and "\x1b" not in table


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(answers: dict[str, Any]) -> None:
        *way, last = path.split(".")
        for name in way:
            answers = answers[name]
        answers[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_set("study", "0" * 16), "another study"),
        (_set("judge", "9"), "a judge '9'"),
        (_set("judge", 1), "valid string"),
        (_set("schema", "trailergen.plan/1"), "schema"),
        (_set("trailers.Z", {"scores": {}}), "a trailer 'Z'"),
        (_set("trailers.A.scores.beauty", 3), "a question 'beauty'"),
        (_set("trailers.A.scores.theme", 8), "less than or equal to 7"),
        (_set("trailers.A.scores.theme", 0), "greater than or equal to 1"),
        (_set("trailers.A.scores.theme", "5"), "valid integer"),
        (_set("trailers.A.scores.theme", True), "valid integer"),
        (_set("trailers.A.scores.theme", 4.5), "valid integer"),
        (_set("trailers.A.remarks", "x" * 6000), "at most 5000"),
        (_set("more", 1), "Extra inputs"),
    ],
)
def test_answers_that_no_page_saves_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    key = key_of()
    answers = said(key, "1", {name: [1, 2, 3, 4] for name in NAMES})
    path = tmp_path / "judge-1.json"
    path.write_text(json.dumps(answers))
    assert len(read_answers(key, [path])) == 1
    change(answers)
    path.write_text(json.dumps(answers))
    with pytest.raises(InputError, match=re.escape("judge-1.json")) as error:
        read_answers(key, [path])
    assert complaint in str(error.value) and error.value.exit_code == 3


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff\xfe", b"{}", b"[1]", b"x" * (1 << 21)])
def test_files_that_are_no_answers_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "judge-1.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a judge's answers"):
        read_answers(key_of(), [path])
    with pytest.raises(InputError, match="not the key of a study"):
        read_key(path)


def test_a_judge_counts_once(tmp_path: Path) -> None:
    key = key_of()
    for name in ("judge-1.json", "judge-1 (1).json"):
        (tmp_path / name).write_text(json.dumps(said(key, "1", {NAMES[0]: [1, 2, 3, 4]})))
    with pytest.raises(InputError, match="both of judge 1"):
        read_answers(key, [tmp_path / "judge-1.json", tmp_path / "judge-1 (1).json"])


def test_a_key_survives_its_file_and_a_tampered_one_is_refused(tmp_path: Path) -> None:
    path, key = tmp_path / "study.key.json", key_of()
    path.write_text(dump_key(key))
    assert read_key(path) == key
    data = json.loads(dump_key(key))
    data["judges"]["2"]["A"] = data["judges"]["2"]["B"]
    path.write_text(json.dumps(data))
    with pytest.raises(InputError, match="key of a study"):
        read_key(path)


def test_questions_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "questions.toml"
    path.write_text('[[question]]\nid = "fun"\nname = "Fun"\ntext = "Was it fun?"\nhigh = "a lot"\n')
    assert read_questions(path) == (Question(id="fun", name="Fun", text="Was it fun?", high="a lot"),)
    for wrong in ("", "question = 1", '[[question]]\nid = "A b"\nname = "x"\ntext = "y"', "[[", path.read_text() * 2):
        path.write_text(wrong)
        with pytest.raises(InputError, match=r"questions\.toml"):
            read_questions(path)


def test_only_trailers_of_one_film_and_each_once(tmp_path: Path) -> None:
    at = session(tmp_path)
    plan = make_plan([(0, 24), (48, 72)], frames=100)
    other = plan.model_copy(update={"film": plan.film.model_copy(update={"sha256": "a" * 64})})
    for name, shown in {"a": plan, "twin": plan, "b": make_plan([(0, 24)], frames=100), "other": other}.items():
        (tmp_path / f"{name}.plan.json").write_text(dump_plan(shown))
    paths = {name: tmp_path / f"{name}.plan.json" for name in ("a", "twin", "b", "other")}
    assert [entry.name for entry in read_entries(at, [paths["a"], paths["b"]])] == ["a", "b"]
    for chosen, complaint in ((["a"], "2 to 26"), (["a", "twin"], "the same trailer"), (["a", "other"], "different")):
        with pytest.raises(UsageError, match=complaint):
            read_entries(at, [paths[name] for name in chosen])


def test_a_sheet_shows_two_pictures_of_each_clip_in_order_and_cards_as_they_are_seen(tmp_path: Path) -> None:
    plan = make_plan([(60, 90), (0, 24), (100, 112)], frames=120)
    plan = a_film(tmp_path, with_layers(plan, cards=[(36, 48, "TITLE")]))
    path = tmp_path / "ours.plan.json"
    path.write_text(dump_plan(plan))
    seen = see(session(tmp_path), Entry("ours", path, "0" * 64, plan), None)
    # The card covers the middle of the second clip, which is seen before and after it.
    assert [clip.start * 24 for clip in seen.clips] == [0, 30, 36, 48, 54]
    numbers = [[read_number(np.asarray(still)[..., 1]) for still in clip.stills] for clip in seen.clips]
    assert numbers == [[70, 80], [2, 4], [-1, -1], [20, 22], [104, 108]]
    assert all(still.size == seen.size == (248, 140) for clip in seen.clips for still in clip.stills)
    card = np.asarray(seen.clips[2].stills[0])
    assert card[0].max() == 0 and card.max() > 128 and (card[..., 0] == card[..., 2]).all()


def test_the_end_fades_on_the_sheet_too(tmp_path: Path) -> None:
    plan = a_film(tmp_path, make_plan([(0, 24), (60, 90)], frames=120, fade_out=48_000 * 30 // 24))
    last = see(session(tmp_path), Entry("ours", tmp_path / "p.json", "0" * 64, plan), None).clips[-1]
    light = [np.asarray(still).max() for still in last.stills]
    assert light[0] == pytest.approx(255 * 19 / 29, abs=6) and light[1] == pytest.approx(255 * 9 / 29, abs=6)


def test_a_video_is_shown_by_its_own_shots(tmp_path: Path) -> None:
    path = tmp_path / "official.mp4"
    sources = ("testsrc2=size=160x90", "color=0x204080:size=160x90", "smptebars=size=160x90")
    parts = [ffmpeg.input(f"{source}:rate=24:duration=2", format="lavfi").filter("setsar", "1") for source in sources]
    run(ffmpeg.concat(*parts).output(file_url(path), vcodec="libx264", pix_fmt="yuv420p"))
    seen = see(session(tmp_path), Entry("official", path, file_sha256(path), None), None)
    assert seen.length == 6 and seen.clips[0].start == 0
    assert [float(clip.start) for clip in seen.clips] == pytest.approx([0, 2, 4], abs=0.1)


def a_sighting(size: tuple[int, int] = (248, 140), clips: int = 8) -> Sighting:
    still = Image.new("RGB", size, "#c81e28")
    return Sighting(Fraction(clips), size, tuple(Seen(Fraction(number), (still, still)) for number in range(clips)))


@pytest.mark.parametrize("size", [(248, 140), (122, 216)])
def test_a_sheet_is_a_png_of_nothing_but_pixels(size: tuple[int, int]) -> None:
    png = draw_sheet("B", a_sighting(size))
    chunks, at = [], 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks.append(kind)
        at += 12 + length
    assert set(chunks) == {b"IHDR", b"IDAT", b"IEND"}
    picture = np.asarray(Image.open(io.BytesIO(png)))
    assert picture.shape[1] == 1600
    red = (np.abs(picture.astype(int) - [200, 30, 40]) < 3).all(axis=2)
    assert red.sum() == 8 * 2 * size[0] * size[1]
    assert png == draw_sheet("B", a_sighting(size)) != draw_sheet("A", a_sighting(size))


def test_a_page_tells_no_name_and_holds_no_key() -> None:
    key = key_of()
    shown = {number: sheet_exhibit(a_sighting(clips=number + 2)) for number in range(3)}
    pages = {judge: judge_page(key, judge, shown, HOSTILE, shown[0]) for judge in key.judges}
    for judge, page in pages.items():
        tree = Tree(page)
        for trailer in key.trailers:
            assert trailer.name not in page and trailer.path not in page and trailer.sha256 not in page
        assert "secret" not in page
        # Clips in the order of the letters are those of the key.
        counts = [len(re.findall(f'alt="Trailer {letter}, clip', page)) // 2 for letter in key.judges[judge]]
        assert counts == [index + 2 for index in key.judges[judge].values()]
        assert len({a["name"] for a in tree.having("type", "radio")}) == 3 * len(QUESTIONS)
        assert tree.having("data-study", key.study)[0]["data-judge"] == judge
    assert len(set(pages.values())) == 3


def test_a_page_loads_nothing_and_runs_nothing_of_others() -> None:
    question = Question(id="theme", name=HOSTILE, text=HOSTILE, low=HOSTILE, high=HOSTILE)
    key = make_key(entries(), (question,), 1, 0)
    page = judge_page(key, "1", {number: video_exhibit(b"mp4") for number in range(3)}, HOSTILE)
    tree = Tree(page)
    assert [tag for tag, _ in tree.elements].count("script") == 1 and "alert(1)</script>" not in page
    policy = str(tree.having("http-equiv", "Content-Security-Policy")[0]["content"])
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    for _, attributes in tree.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert all((attributes.get(name) or "data:").startswith(("data:", "#")) for name in ("src", "href"))


def test_videos_are_small_alike_and_say_nothing_of_their_origin(tmp_path: Path) -> None:
    path = tmp_path / "a-secret.mp4"
    picture = ffmpeg.input("testsrc2=size=640x480:rate=24:duration=2", format="lavfi").filter("setsar", "4/3")
    sound = ffmpeg.input("sine=frequency=440:duration=2", format="lavfi")
    tags = {"metadata": "title=a-secret", "metadata:s:v": "handler_name=a-secret"}
    run(ffmpeg.output(picture, sound, file_url(path), vcodec="libx264", acodec="aac", pix_fmt="yuv444p", **tags))
    data = blind_video(session(tmp_path), Entry("a-secret", path, file_sha256(path), None), None, None, 360)
    assert b"secret" in path.read_bytes() and b"secret" not in data
    with av.open(io.BytesIO(data)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height, video.codec_context.pix_fmt) == (640, 360, "yuv420p")
        assert [stream.codec_context.name for stream in container.streams] == ["h264", "aac"]
        assert {name for name in container.metadata} <= {"major_brand", "minor_version", "compatible_brands"}


def test_the_chart_is_drawn_and_needs_what_draws_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of(names=("$a$ <b>", "b", "c"))
    thought: dict[str, list[int | None]] = {"$a$ <b>": [7, 6, 5, 6], "b": [1, 2, None, 4]}
    found = score(key, parsed(said(key, "1", thought)))
    for name in ("radar.png", "radar.svg"):
        draw_radar(tmp_path / name, found, key.questions)
        once = (tmp_path / name).read_bytes()
        draw_radar(tmp_path / name, found, key.questions)
        assert once == (tmp_path / name).read_bytes()
    svg = (tmp_path / "radar.svg").read_text()
    assert "$a$ &lt;b&gt;" in svg and all(question.name in svg for question in QUESTIONS)
    monkeypatch.setattr("trailergen.report.jury.radar.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'trailergen\[train\]'"):
        draw_radar(tmp_path / "radar.png", found, key.questions)
    with pytest.raises(UsageError, match=r"\.png or \.svg"):
        draw_radar(tmp_path / "radar.pdf", found, key.questions)


def test_a_study_from_plans_to_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAILERGEN_CACHE", str(tmp_path / "cache"))
    for name, clips in {"secret-one": [(0, 30), (60, 90)], "secret-two": [(90, 120), (30, 60), (0, 12)]}.items():
        Path(f"{name}.plan.json").write_text(dump_plan(a_film(tmp_path, make_plan(clips, frames=120))))
    jury = ["jury", "secret-one.plan.json", "secret-two.plan.json", "--sheets", "--judges", "2", "--progress", "none"]
    result = CliRunner().invoke(app, jury)
    assert result.exit_code == 0, result.output
    sheets = [f"study-{judge}-{letter}.png" for judge in "12" for letter in "AB"]
    assert result.output.split() == [*sheets, "study-1.html", "study-2.html", "study.key.json"]
    assert all(b"secret" not in Path(name).read_bytes() for name in [*sheets, "study-1.html", "study-2.html"])
    key = read_key(Path("study.key.json"))
    assert [trailer.name for trailer in key.trailers] == ["secret-one", "secret-two"]
    for judge in ("1", "2"):
        answers = said(key, judge, {"secret-one": [6, 6, 6, 6], "secret-two": [2, 2, 2, 3]})
        Path(f"judge-{judge}.json").write_text(json.dumps(answers))
    given = ["jury", "score", "study.key.json", "judge-1.json", "judge-2.json"]
    result = CliRunner().invoke(app, [*given, "--plot", "radar.svg", "-o", "scores.json"])
    assert result.exit_code == 0 and "secret-one above secret-two: 2 of 2 judges" in result.output
    assert json.loads(Path("scores.json").read_text()) == json.loads(CliRunner().invoke(app, [*given, "--json"]).output)
    assert "<svg" in Path("radar.svg").read_text()
    # Nothing is replaced unasked.
    for again in (jury, [*given, "--plot", "radar.svg"]):
        failed = CliRunner().invoke(app, again)
        assert failed.exit_code and "exists" in str(failed.exception)
    assert CliRunner().invoke(app, [*jury, "--force"]).exit_code == 0
