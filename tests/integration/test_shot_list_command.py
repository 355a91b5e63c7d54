"""``--shots`` and the forms that ``shots`` prints, on the example film."""

import csv
import io
import json
import re

import pytest

from trailergen.__main__ import main


def run(capsys, *words):
    """Exit code and both outputs of a command."""
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def about(examples, shared_cache):
    return [examples / "film.mp4", "--cache-dir", shared_cache, "--progress", "none"]


@pytest.mark.parametrize("form", ["csv", "edl", "otio"])
def test_the_list_that_is_printed_gives_the_shots_that_were_found(about, tmp_path, capsys, form):
    listed = tmp_path / f"shots.{form}"
    assert run(capsys, "shots", *about, f"--{form}", "-o", listed)[0] == 0
    code, found, _ = run(capsys, "shots", *about, "--csv")
    again = run(capsys, "shots", *about, "--csv", "--shots", listed)
    assert code == again[0] == 0 and again[1] == found


def test_a_trailer_shows_the_shots_of_the_list_and_is_revised_with_them(about, examples, tmp_path, capsys):
    found = list(csv.DictReader(io.StringIO(run(capsys, "shots", *about, "--csv")[1])))
    halves = [(int(row["in"]), (int(row["in"]) + int(row["out"])) // 2, int(row["out"])) for row in found]
    listed, plan = tmp_path / "halves.csv", tmp_path / "a.plan.json"
    listed.write_text("in,out\n" + "".join(f"{a},{b}\n{b},{c}\n" for a, b, c in halves))
    made = run(capsys, "plan", *about, "-m", examples / "score.ogg", "--shots", listed, "-o", plan)
    assert made[0] == 0, made[2]
    data = json.loads(plan.read_text())
    assert len(data["shots"]) == 2 * len(found) and data["provenance"]["settings"]["shots"] == "halves.csv"
    revised = run(capsys, "revise", plan, "--reroll", "1", "-o", tmp_path / "b.plan.json", *about[1:])
    assert revised[0] == 0, revised[2]
    assert json.loads((tmp_path / "b.plan.json").read_text())["shots"] == data["shots"]


def test_a_wrong_list_is_one_error(about, examples, tmp_path, capsys):
    listed = tmp_path / "bad.csv"
    listed.write_text("in,out\n0,9999999\n")
    code, _, said = run(
        capsys, "plan", *about, "-m", examples / "score.ogg", "--shots", listed, "-o", tmp_path / "p.json"
    )
    assert code == 3 and "leaves the film" in said and "Traceback" not in said


def test_the_page_shows_every_shot_and_loads_nothing(about, tmp_path, capsys):
    page = tmp_path / "shots.html"
    assert run(capsys, "shots", *about, "--html", "-o", page)[0] == 0
    html = page.read_text()
    count = len(run(capsys, "shots", *about, "--csv")[1].splitlines()) - 1
    assert html.count('class="shot"') == html.count("data:image/jpeg") == count
    assert "default-src 'none'" in html and not re.search(r'(?:src|href)="(?!data:)', html)
    assert run(capsys, "shots", *about, "--html", "-o", page)[0] == 0  # the very same
    page.write_text("mine")
    code, _, said = run(capsys, "shots", *about, "--html", "-o", page)
    assert code != 0 and "exists" in said and page.read_text() == "mine"


def test_forms_exclude_each_other(about, capsys):
    code, _, said = run(capsys, "shots", *about, "--edl", "--html")
    assert code == 2 and "--edl and --html exclude each other" in said
