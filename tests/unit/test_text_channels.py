"""What is said in a film as channels of its shots: from cues to tokens, to a dataset and to examples."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from analyses import analysis, picture
from test_dataset import film
from test_tokens import facts_of, features_of

from trailergen.dialogue.narrators.extractive import line_ranks
from trailergen.dialogue.sentences import utterances
from trailergen.dialogue.shots import film_lines, shot_lines
from trailergen.dialogue.sources import Words
from trailergen.dialogue.subtitles.cues import Cue
from trailergen.plans import Subtitles
from trailergen.ssmp.channels.text import ShotLines
from trailergen.ssmp.facts import shot_facts
from trailergen.ssmp.spaces import GEOMETRY_2, GEOMETRY_3
from trailergen.training.dataset import Dataset, read_dataset, write_dataset
from trailergen.training.examples import Channels, batches_of, examples_of, token_space

SHOTS = [(Fraction(start), Fraction(start + 4)) for start in range(0, 40, 4)]
PLAIN = "You will go there and then you will come back."
STRONG = "The king wants the castle and the sword of my father!"


def cues(*said: tuple[float, float, str]) -> list[Cue]:
    return [Cue(n, Fraction(str(start)), Fraction(str(end)), text) for n, (start, end, text) in enumerate(said)]


def test_the_share_of_a_shot_that_is_talked_over() -> None:
    found = shot_lines(cues((1, 3, PLAIN), (2, 3.5, "What?"), (11, 13, PLAIN)), SHOTS)
    np.testing.assert_allclose(found.said, [2.5 / 4, 0, 0.25, 0.25, 0, 0, 0, 0, 0, 0], atol=1e-6)
    assert found.said.dtype == found.salience.dtype == np.float32


def test_a_line_that_says_more_stands_out_more_and_in_the_shot_that_has_more_of_it() -> None:
    said = cues(
        (0.5, 3.5, PLAIN), (11, 15, STRONG), (20.5, 23.5, "Leave the castle, the king returns."), (30, 33, "Oh, yes.")
    )
    ranks = line_ranks(utterances(said))
    assert ranks.argmax() == 1 and ranks.max() == 1 and ranks.min() > 0
    salience = shot_lines(said, SHOTS).salience
    assert salience.argmax() == 3
    assert salience[3] == pytest.approx(3 / 4) and salience[2] == pytest.approx(1 / 4)
    assert salience[0] > 0 and salience[1] == 0


def test_what_could_be_no_line_of_a_trailer_is_said_but_does_not_stand_out() -> None:
    song = replace(cues((5, 7, STRONG))[0], sung=True)
    scraps = cues((1, 1.5, "Yes."), (9, 11, "and so on and"), (13, 15, STRONG))
    found = shot_lines(sorted([song, *scraps], key=lambda cue: cue.start), SHOTS)
    assert found.said[0] > 0 and found.said[2] > 0 and found.said[1] == 0
    assert found.salience.nonzero()[0].tolist() == [3]


def test_equal_lines_share_their_place_and_no_lines_have_none() -> None:
    same = utterances(cues((0, 2, PLAIN), (10, 12, PLAIN), (20, 22, STRONG)))
    ranks = line_ranks(same)
    assert ranks[0] == ranks[1] == pytest.approx(0.5)
    assert line_ranks([]).shape == (0,)


def test_the_channels_of_lines_are_zero_without_them() -> None:
    bare = GEOMETRY_3.film_tokens(features_of(10), facts_of(10))
    columns = [GEOMETRY_3.columns(name) for name in ("line", "salience")]
    assert not any(bare[:, column].any() for column in columns)
    lines = ShotLines(np.linspace(0, 1, 10, dtype=np.float32), np.linspace(1, 0, 10, dtype=np.float32))
    told = GEOMETRY_3.film_tokens(features_of(10), facts_of(10, **lines.measured()))
    said, salience = (told[:, column][:, 0] for column in columns)
    assert said[0] == -said[-1] < 0 and (np.diff(said) > 0).all()
    np.testing.assert_allclose(salience, -said, atol=1e-6)
    others = np.delete(np.arange(GEOMETRY_3.dim), np.r_[columns[0], columns[1]])
    np.testing.assert_array_equal(told[:, others], bare[:, others])


def test_older_spaces_know_nothing_of_lines() -> None:
    lines = ShotLines(*np.ones((2, 10), np.float32))
    told, bare = facts_of(10, **lines.measured()), facts_of(10)
    np.testing.assert_array_equal(*(GEOMETRY_2.film_tokens(features_of(10), facts) for facts in (told, bare)))
    assert GEOMETRY_3.reads_lines and not GEOMETRY_2.reads_lines
    assert "lines" in GEOMETRY_3.sources and "lines" not in GEOMETRY_3.read_sources


def test_facts_hold_the_lines_that_are_known() -> None:
    looked = analysis([[picture(number)] for number in range(5)])
    lines = ShotLines(*np.zeros((2, 5), np.float32))
    assert {"line", "salience"} <= set(shot_facts(looked, None, lines).measured)
    assert not {"line", "salience"} & set(shot_facts(looked).measured)
    with pytest.raises(ValueError, match="lines of 4 shots"):
        shot_facts(looked, None, ShotLines(*np.zeros((2, 4), np.float32)))


def test_a_film_without_lines_is_told_of() -> None:
    looked, notes = analysis([[picture(number)] for number in range(5)]), list[str]()
    empty = Words(Subtitles(path="a.srt", sha256="0" * 64), [])
    for found in (None, empty):
        assert film_lines(looked, lambda found=found: found, notes.append) is None  # type: ignore[misc]
    assert len(notes) == 2 and "there are none" in notes[0]
    spoken = replace(empty, cues=cues((0, 2, PLAIN)))
    assert film_lines(looked, lambda: spoken, notes.append) is not None
    assert len(notes) == 2


def test_a_dataset_keeps_lines_and_examples_read_them_where_asked(tmp_path: Path) -> None:
    whole = film()
    assert whole.facts is not None
    lines = ShotLines(*np.random.default_rng(0).random((2, len(whole.features))).astype(np.float32))
    facts = replace(whole.facts, measured={**whole.facts.measured, **lines.measured()})
    write_dataset(tmp_path, "builtin-1", [replace(whole, facts=facts)])
    dataset = read_dataset(tmp_path)
    (kept,) = dataset.films
    assert kept.facts is not None
    np.testing.assert_array_equal(kept.facts.measured["salience"], lines.salience)
    told = examples_of(dataset, channels=Channels.text)[0]
    assert token_space(dataset, Channels.text) == (GEOMETRY_3.name, GEOMETRY_3.dim) == ("geometry-3", 121)
    assert told.film.shape == (12, GEOMETRY_3.dim) and told.positions is not None
    assert told.film[:, GEOMETRY_3.columns("salience")].any()
    torch.testing.assert_close(told.trailer, told.film[told.labels])
    bare = examples_of(Dataset("builtin-1", (whole,)), channels=Channels.text)[0]
    assert not bare.film[:, GEOMETRY_3.columns("salience")].any()
    batches = batches_of([told], 1, 0, Channels.text)
    lacking = [not batches(step)[0].film[:, GEOMETRY_3.columns("line")].any() for step in range(60)]
    assert 0 < sum(lacking) < 30, "the source is withheld now and then"
