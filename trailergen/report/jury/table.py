"""The outcome of a study as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trailergen.report.jury.questions import Question
from trailergen.report.jury.scores import Mean, Said, Scores


def score_table(scores: Scores, questions: Sequence[Question]) -> str:
    """Means, pairs and remarks, some lines each."""
    return "\n".join(_lines(scores, questions))


def _lines(scores: Scores, questions: Sequence[Question]) -> Iterator[str]:
    names = [_plain(trailer.name) for trailer in scores.trailers]
    wide = max(7, *map(len, names))
    heads = [*(_plain(question.name) for question in questions), "Overall"]
    columns = [max(16, len(head)) for head in heads]
    yield f"{scores.judges} judge{'' if scores.judges == 1 else 's'}, study {scores.study}"
    yield ""
    yield "  ".join([f"{'trailer':<{wide}}", *(f"{head:>{size}}" for head, size in zip(heads, columns, strict=True))])
    for name, trailer in zip(names, scores.trailers, strict=True):
        means = [*(trailer.aspects[question.id] for question in questions), trailer.overall]
        cells = [f"{_cell(mean):>{size}}" for mean, size in zip(means, columns, strict=True)]
        yield "  ".join([f"{name:<{wide}}", *cells])
    yield scores.method
    if scores.missing:
        yield f"{scores.missing} answers are missing; judges who left one out do not count in that trailer's Overall"
    yield ""
    for pair in scores.pairs:
        first, second = _plain(pair.first), _plain(pair.second)
        count = pair.above + pair.level + pair.below
        yield (
            f"{first} above {second}: {pair.above} of {count} judges, level {pair.level}, below {pair.below}; "
            f"mean difference {_cell(pair.difference, signed=True)}"
        )
    for name, trailer in zip(names, scores.trailers, strict=True):
        if trailer.said:
            yield ""
            yield f"on {name}:"
            yield from (f"  judge {_plain(said.judge)}: {_words(said)}" for said in trailer.said)


def _cell(mean: Mean, signed: bool = False) -> str:
    if mean.mean is None:
        return "-"
    sign = "+" if signed else ""
    if mean.low is None or mean.high is None:
        return f"{mean.mean:{sign}.2f}"
    return f"{mean.mean:{sign}.2f} [{mean.low:{sign}.2f}, {mean.high:{sign}.2f}]"


def _words(said: Said) -> str:
    parts = [("strongest ", said.strongest), ("weakest ", said.weakest), ("", said.remarks)]
    return "; ".join(f"{label}{_plain(text)}" for label, text in parts if text)


def _plain(text: str) -> str:
    """On one line, and without what could command a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
