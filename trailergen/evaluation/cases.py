"""Evaluation cases: films to make trailers for, simulated or real, and their official trailers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from trailergen.errors import InputError, UsageError
from trailergen.evaluation.films import Film
from trailergen.ssmp.checkpoint import CheckpointInfo
from trailergen.ssmp.positions import Positions, position_channels
from trailergen.ssmp.spaces import GEOMETRY_2, SPACES, TokenSpace
from trailergen.training.batches import Example
from trailergen.training.dataset import Dataset, FilmRecord
from trailergen.training.examples import Channels, examples_of
from trailergen.training.films import FilmFacts, Music
from trailergen.training.simulation.pairs import SimulatedPair

_START, _END = "film_start_s", "film_end_s"


@dataclass(frozen=True)
class EvaluationCase:
    """A film to make a trailer for, and its official trailer; title cards are in neither.

    Args:
        film: as a method is given it.
        official: the film shots of the official trailer, in its order.
    """

    film: Film
    official: Sequence[int]

    @classmethod
    def of(cls, example: Example) -> EvaluationCase:
        """From an example, whose labels (eq. 1) are taken for the truth."""
        labelled = example.labels >= 0
        channels = None if example.positions is None else example.positions[labelled]
        music = None if example.music is None else example.music.taken(labelled)
        official = example.labels[labelled].tolist()
        return cls(Film(example.film, len(official), example.film_facts, music, channels), official)

    @classmethod
    def simulated(cls, pair: SimulatedPair, space: TokenSpace = GEOMETRY_2) -> EvaluationCase:
        """From a simulated pair, of which the truth is known."""
        tokens = torch.from_numpy(space.film_tokens(pair.features, pair.facts))
        lengths, energy, official = pair.story.lengths_s, pair.story.music, pair.story.shots.tolist()
        channels = torch.from_numpy(position_channels(Positions(lengths, energy)))
        # Such films have no music but its energy, as the starter reads it.
        music = Music(*map(torch.from_numpy, (lengths, energy, energy[:, None])))
        return cls(Film(tokens, len(official), FilmFacts.of(pair.facts), music, channels), official)


def channels_for(info: CheckpointInfo, dataset: Dataset) -> Channels:
    """The tokens that a checkpoint reads of a dataset's films. Raises UsageError if it can read none."""
    if info.feature_space in SPACES:
        return Channels.context
    if info.feature_space == dataset.feature_space:
        return Channels.none
    raise UsageError(
        f"the checkpoint was trained on {info.feature_space!r}, the dataset's features are {dataset.feature_space!r}",
        hint="choose a checkpoint for these features, or one trained with --channels context",
    )


def dataset_cases(
    dataset: Dataset, channels: Channels, table: Path | None = None, space: TokenSpace | None = None
) -> list[EvaluationCase]:
    """One case per trailer of a dataset.

    Args:
        dataset: the films. Its labels are the truth; where there are none, those of eq. 1. Where it has music, there is
            a position for each of its segments, else for each shot of the official trailer.
        channels: tokens that the method reads.
        table: a hand-made alignment of the only film's trailer that takes the place of its labels: a CSV file, one
            row per trailer shot in trailer order, with the seconds of the film it shows in the columns
            ``film_start_s`` and ``film_end_s``, empty for title cards. Lines that begin with # are comments.
        space: of the tokens, where it is an older one than that of the channels.

    Raises:
        InputError: the table cannot be read, or names times the film does not have.
        UsageError: there is a table, and not just one film, or its times are not known.
    """
    examples = examples_of(dataset, channels=channels, space=space)
    trailers = [trailer for film in dataset.films for trailer in film.trailers]
    cases = [_to_music(EvaluationCase.of(one), trailer.music) for one, trailer in zip(examples, trailers, strict=True)]
    if table is None:
        return cases
    if len(dataset.films) != 1:
        raise UsageError(f"a table of one trailer says nothing of {len(dataset.films)} films")
    official = _shots_of(table, dataset.films[0])
    known = (
        None
        if cases[0].film.channels is None
        else torch.from_numpy(position_channels(Positions(np.ones(len(official)))))
    )
    film = replace(cases[0].film, positions=len(official), music=None, channels=known)
    return [EvaluationCase(film, official)]


def _to_music(case: EvaluationCase, music: Music | None) -> EvaluationCase:
    """The case with a position for each segment of the music, where there is music."""
    if music is None:
        return case
    channels = case.film.channels
    if channels is not None:
        channels = torch.from_numpy(position_channels(Positions(music.lengths_s.numpy())))
    film = replace(case.film, positions=len(music.energy), music=music, channels=channels)
    return EvaluationCase(film, case.official)


def _shots_of(table: Path, film: FilmRecord) -> list[int]:
    """The film shot in the middle of each row's film times, each shot once, in trailer order."""
    if film.facts is None:
        raise UsageError(f"the times of the shots of {film.name!r} are not known, so a table of times says nothing")
    starts, end = film.facts.start_s, float(film.facts.start_s[-1] + film.facts.duration_s[-1])
    try:
        lines = [line for line in table.read_text(encoding="utf-8-sig").splitlines() if not line.startswith("#")]
        rows = list(csv.DictReader(lines, strict=True))
        middles = [(float(row[_START]) + float(row[_END])) / 2 for row in rows if row[_START]]
    except OSError as error:
        raise InputError(f"cannot read the alignment {table}", error.strerror) from error
    except (UnicodeDecodeError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"cannot read the alignment {table}", str(error), f"a CSV file with the columns {_START} and {_END}"
        ) from error
    if not middles or not all(0 <= middle < end for middle in middles):
        raise InputError(f"the alignment {table} is not of {film.name!r}", f"the film lasts {end:.1f} s")
    found = np.searchsorted(starts, np.array(middles, np.float32), side="right") - 1
    return list(dict.fromkeys(found.tolist()))
