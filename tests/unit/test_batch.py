"""Lists, outcomes and summaries of batches, without making a trailer."""

from __future__ import annotations

import io
import json
import multiprocessing
import pickle
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from trailergen.api.make import Request
from trailergen.batch import local
from trailergen.batch.filmlist import read_list
from trailergen.batch.films import columns, distinct, jobs_of_films, jobs_of_list
from trailergen.batch.job import Job, Outcome, Status, work
from trailergen.batch.run import run_batch, table
from trailergen.errors import InputError, UsageError
from trailergen.runtime.models import Models
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session
from trailergen.settings.tree import Settings


def listed(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def job(tmp_path: Path, name: str) -> Job:
    return Job(name, Request(Path(f"{name}.mp4"), Path("m.wav"), tmp_path / f"{name}-trailer.mp4"))


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_list_is_read_as_spreadsheets_write_it(tmp_path: Path, sign: str, encoding: str) -> None:
    text = 'Film,music,end_card,name\r\n"a, b.mp4",m.wav,SOON,\r\n\r\n/x/ü.mp4,,,other\r\n'
    if sign != ",":
        text = text.replace('"a, b.mp4"', "QUOTED").replace(",", sign).replace("QUOTED", '"a, b.mp4"')
    rows = read_list(listed(tmp_path, text, encoding), ["end-card"])
    assert [(row.film, row.music, row.name) for row in rows] == [
        (tmp_path / "a, b.mp4", tmp_path / "m.wav", None),
        (Path("/x/ü.mp4"), None, "other"),
    ]
    assert [row.options for row in rows] == [(("end-card", "SOON"),), ()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column film"),
        ("film,music\n", "no films"),
        ("movie,music\na,b\n", "no column film"),
        ("film,lenght\na,3\n", "'lenght'"),
        ("film,film\na,b\n", "twice"),
        ("film,music\na,b\nc\n", "line 3 has 1 cells"),
        ("film,music\n,b\n", "line 2 has no film"),
        ("film,name\na,../b\n", "line 2"),
        ('film,music\n"a,b\n', "no CSV"),
    ],
)
def test_a_broken_list_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_list(listed(tmp_path, text), ["length"])


def test_a_list_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"film\n\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_list(path, [])
    with pytest.raises(InputError, match="cannot read"):
        read_list(tmp_path / "none.csv", [])


def test_columns_are_what_a_film_is_asked_and_no_secrets() -> None:
    assert {"length", "seed", "title", "subtitles", "codec", "crf", "ban", "stems"} <= set(columns())
    assert not {"force", "llm-key", "cache-dir", "threads", "jobs"} & set(columns())


def test_two_films_of_one_name_are_refused(tmp_path: Path) -> None:
    jobs = [job(tmp_path, "a"), job(tmp_path, "A")]
    with pytest.raises(UsageError, match="both become"):
        distinct(jobs)


def test_a_line_counts_before_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "c.safetensors").touch()
    text = "film,music,length,title,ban,stems,checkpoint,codec\n"
    text += 'a.mp4,m.wav,"30,60",A,1:00-2:00,yes,c.safetensors,prores\nb.mp4,,,,,,,\n'
    shared = Request(Path("list"), Path("list"), settings=Settings.of(title="ALL", ban="0:00-0:30", seed=3))
    own, other = jobs_of_list(listed(tmp_path, text), shared, Path("/m/other.wav"), tmp_path / "out")
    settings = own.request.settings
    assert own.request.series.lengths == (30, 60) and other.request.series.lengths == ()
    assert (settings.titles.title, settings.plan.seed, settings.render.stems) == ("A", 3, True)
    assert settings.plan.bans == ((0, 30), (60, 120)) and other.request.settings.plan.bans == ((0, 30),)
    assert settings.plan.checkpoint == tmp_path / "c.safetensors"
    assert own.target == tmp_path / "out" / "a-trailer.mov" and other.target.name == "b-trailer.mp4"
    assert (own.request.music, other.request.music) == (tmp_path / "m.wav", Path("/m/other.wav"))
    assert pickle.loads(pickle.dumps(own)) == own


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("seed,-1", "line 2, column seed: '-1' is too small"),
        ("crf,good", "line 2, column crf: 'good' is no whole number"),
        ("decoder,magic", "line 2, column decoder: 'magic' is none of the choices"),
        ("stems,perhaps", "line 2, column stems"),
        ("length,1", "line 2, column length"),
        ("hdr,keep", "line 2: --hdr keep does not go with h264"),
        ("title,' '", "line 2: --title has no text"),
        ("ban,x", "line 2, column ban: 'x' is no range"),
        ("ban,0:30-0:10", "line 2, column ban: '0:30-0:10' does not end after it begins"),
        ("card,nothing", "line 2, column card: 'nothing' does not say where"),
        ("length,0:08", "line 2, column length: '0:08' is no number of seconds"),
        ("loudness,loud", "line 2, column loudness: 'loud' is no number"),
        ("narration,many", "line 2, column narration: 'many' is no number of lines"),
        ("narrator,llm", "line 2, column narrator: --narrator llm needs a language model"),
        ("height,16", "line 2, column height: '16' is too small"),
        ("style,funny", "line 2, column style: there is no style 'funny'"),
        ("style,funny.toml", "line 2, column style: cannot read the style"),
        ("encoder,best", "line 2, column encoder: there is no encoder 'best'"),
        ("checkpoint,gone.safetensors", "line 2, column checkpoint: there is no file"),
        ("subtitles,gone.srt", "line 2, column subtitles: there is no file"),
        ("length,'8,8.0000000001'", "line 2, column length: two trailers would be called"),
    ],
)
def test_a_cell_that_cannot_be_understood_is_told_before_the_first_film(tmp_path: Path, cells: str, said: str) -> None:
    column, _, cell = cells.partition(",")
    cell = cell if cell == "' '" else cell.replace("'", '"')
    text = f"film,{column}\na.mp4,{cell}\n" if cell != "' '" else f'film,{column}\na.mp4,"\\n"\n'
    with pytest.raises(UsageError, match=re.escape(said)):
        jobs_of_list(listed(tmp_path, text), Request(Path(), Path()), Path("m.wav"), tmp_path)


def test_blanks_around_cells_are_none_of_their_own(tmp_path: Path) -> None:
    text = 'film , music, length,title\n  one.mkv , score.ogg,\t8 , "  A, B "\n'
    (found,) = jobs_of_list(listed(tmp_path, text), Request(Path(), Path()), None, tmp_path)
    assert (found.film, found.request.music) == (tmp_path / "one.mkv", tmp_path / "score.ogg")
    assert (found.request.series.lengths, found.request.settings.titles.title) == ((8.0,), "A, B")


def test_a_style_of_a_list_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[weights]\n")
    (found,) = jobs_of_list(
        listed(tmp_path, "film,style\na.mp4,mine.toml\n"), Request(Path(), Path()), Path("m.wav"), tmp_path
    )
    assert found.request.settings.plan.style == str(tmp_path / "mine.toml")


def test_existing_trailers_are_left_or_replaced_and_not_both() -> None:
    with pytest.raises(UsageError, match="--skip-existing"):
        Request(Path("a.mp4"), Path("m.wav"), force=True, skip_existing=True)


def test_films_without_a_list_have_the_same_settings_and_absolute_paths(tmp_path: Path) -> None:
    shared = Request(Path("x"), Path("m.wav"), settings=Settings.of(subtitles="s.srt"), skip_existing=True)
    (found,) = jobs_of_films([Path("a.b.mkv")], shared, tmp_path)
    assert (found.name, found.target) == ("a.b", tmp_path / "a.b-trailer.mp4")
    assert found.film.is_absolute() and found.request.music.is_absolute() and found.request.skip_existing
    assert found.request.settings.narration.subtitles == Path("s.srt").absolute()


def execute(*failing: str, elsewhere: tuple[str, ...] = ()) -> Callable[[Callable[[], Job | None]], Iterator[Outcome]]:
    def run(next_job: Callable[[], Job | None]) -> Iterator[Outcome]:
        while (given := next_job()) is not None:
            if given.name in elsewhere and not given.wait:
                yield Outcome(given, Status.elsewhere)
            elif given.name in failing:
                yield Outcome(given, Status.failed, 3, "error: cannot read it\n  why: broken")
            else:
                yield Outcome(given, Status.made, outputs=(str(given.target),))

    return run


def test_the_summary_tells_of_every_film(tmp_path: Path) -> None:
    jobs = [job(tmp_path, name) for name in "abcd"]
    stream = io.StringIO()
    progress = Progress(ProgressKind.plain, stream)
    outcomes = run_batch(jobs, execute("b", elsewhere=("a",)), tmp_path / "s.json", progress, keep_going=True)
    assert [outcome.status for outcome in outcomes] == ["made", "failed", "made", "made"]
    summary = json.loads((tmp_path / "s.json").read_text())
    assert summary["counts"] == {"made": 3, "failed": 1}
    assert [film["name"] for film in summary["films"]] == list("abcd")
    assert summary["films"][1]["exit_code"] == 3 and summary["films"][1]["error"].startswith("cannot read it")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 4 and lines[0].startswith("[1/4] b: failed (3): cannot read it")
    assert lines[-1].startswith("[4/4] a: made")  # whoever made it was waited for when all others had ended
    assert "3 made, 1 failed" in table(outcomes)


def test_a_failure_ends_the_batch_unless_told_otherwise(tmp_path: Path) -> None:
    jobs = [job(tmp_path, name) for name in "abc"]
    outcomes = run_batch(jobs, execute("b"), tmp_path / "s.json", Progress(ProgressKind.none))
    assert [outcome.status for outcome in outcomes] == ["made", "failed", "waiting"]
    assert json.loads((tmp_path / "s.json").read_text())["counts"] == {"made": 1, "failed": 1, "waiting": 1}


def test_progress_for_programs(tmp_path: Path) -> None:
    stream = io.StringIO()
    run_batch([job(tmp_path, "a")], execute(), tmp_path / "s.json", Progress(ProgressKind.json, stream))
    told = json.loads(stream.getvalue())
    assert (told["event"], told["name"], told["status"], told["of"]) == ("film", "a", "made", 1)


def test_an_outcome_has_what_the_command_said(tmp_path: Path) -> None:
    target = tmp_path / "a-trailer.mp4"

    def making(job: Job, session: Session) -> list[Path]:
        print("shots: 1 s", file=sys.stderr)
        target.write_text("new")
        return [target]

    outcome = work(job(tmp_path, "a"), Models(), making)
    assert (outcome.status, outcome.outputs) == ("made", (str(target),))
    assert outcome.job.log.read_text() == "shots: 1 s\n"

    def failing(job: Job, session: Session) -> list[Path]:
        print("shots: 1 s")
        raise UsageError("it is full", "disk")

    outcome = work(job(tmp_path, "a"), Models(), failing)
    assert (outcome.status, outcome.exit_code, outcome.error) == ("failed", 2, "error: it is full\n  why: disk")
    assert outcome.job.log.read_text() == "shots: 1 s\nerror: it is full\n  why: disk\n"


def test_what_another_run_makes_is_left_to_it(tmp_path: Path) -> None:
    """Two shells with one list: the second finds the lock taken, and waits for it when it is told to."""
    made: list[str] = []
    given = job(tmp_path, "a")

    def making(job: Job, session: Session) -> list[Path]:
        made.append(job.name)
        return []

    waiting = threading.Thread(target=work, args=(replace(given, wait=True), Models(), making))

    def meanwhile(job: Job, session: Session) -> list[Path]:
        assert work(given, Models(), making).status == Status.elsewhere
        waiting.start()
        time.sleep(0.2)
        assert made == []
        return []

    work(given, Models(), meanwhile)
    waiting.join(10)
    assert made == ["a"]
    assert not list(given.log.parent.glob(".*"))


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "batch").write_text("a file")
    outcome = work(job(tmp_path, "a"), Models(), lambda job, session: [])
    assert (outcome.status, outcome.exit_code) == ("failed", 2) and "cannot write" in outcome.error


def test_models_are_loaded_once() -> None:
    models, loaded = Models(), []
    for _ in range(3):
        models.get(("net", "cpu"), lambda: loaded.append(1) or "net")
    assert models.get(("net", "cuda"), lambda: "other") == "other"
    assert loaded == [1]


def test_a_worker_that_dies_costs_its_film_only(tmp_path: Path) -> None:
    """Killed as by a machine out of memory; the next film has a worker again."""
    waiting = [job(tmp_path, "b"), job(tmp_path, "a")]
    killed = threading.Event()

    def next_job() -> Job | None:
        if not waiting:
            return None
        given = waiting.pop()
        if given.name == "a":
            threading.Thread(target=kill).start()
        return given

    def kill() -> None:
        while not (children := multiprocessing.active_children()):
            time.sleep(0.01)
        children[0].kill()
        killed.set()

    first, second = local.run_local(next_job, 1)
    assert killed.is_set()
    assert (first.job.name, first.status) == ("a", "failed") and "signal 9" in first.error
    # No film of that name is there, but a worker was, to say so.
    assert (second.job.name, second.status, second.exit_code) == ("b", "failed", 3)
    assert not multiprocessing.active_children()
