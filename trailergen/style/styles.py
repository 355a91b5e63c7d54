"""Styles: weights of the rules, by name or from an editor's own TOML file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trailergen.errors import UsageError
from trailergen.style.terms import PAIR, POSITION, WHOLE

NONE = "none"
MODEL = "model"
LARGEST = 1000.0


@dataclass(frozen=True)
class Style:
    """Weights of the rules, by name; what is not named counts nothing.

    ``rules`` multiplies all of them, for checkpoints that need fewer rules; ``model`` is the weight of SSMP's
    log-probabilities, 0 for the rules alone.
    """

    name: str
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    rules: float = 1.0
    model: float = 1.0

    @property
    def has_rules(self) -> bool:
        """True if any rule counts; without one it is SSMP alone."""
        return any(self.weight(rule) for rule in self.weights)

    def to_settings(self) -> dict[str, Any]:
        """All of it as JSON values, for a plan's provenance."""
        return {"name": self.name, "weights": dict(self.weights), "rules": self.rules, MODEL: self.model}

    @classmethod
    def from_settings(cls, known: Any) -> Style:
        """The style of a plan's provenance; plans older than styles were made by SSMP alone."""
        if not isinstance(known, Mapping):
            return STYLES[NONE]
        weights = {str(rule): float(weight) for rule, weight in dict(known.get("weights", {})).items()}
        return cls(str(known.get("name", NONE)), weights, float(known.get("rules", 1)), float(known.get(MODEL, 1)))

    def with_weights(self, weights: Mapping[str, float]) -> Style:
        """This style with other weights of some rules; ``rules`` and ``model`` may be among them. Raises UsageError."""
        check_weights("the style", weights)
        rest = {rule: float(weight) for rule, weight in weights.items() if rule not in ("rules", MODEL)}
        return replace(
            self,
            weights={**self.weights, **rest},
            rules=float(weights.get("rules", self.rules)),
            model=float(weights.get(MODEL, self.model)),
        )

    def weight(self, rule: str) -> float:
        """The weight of one rule, in nats."""
        return self.rules * self.weights.get(rule, 0.0)


_STORY = {
    "worth": 2.0,
    "act": 1.0,
    "guard": 10.0,
    "opening": 1.5,
    "introduce": 2.0,
    "climax": 0.5,
    "music": 0.8,
    "length": 0.3,
    "button": 3.0,
    "order": 1.5,
    "scene": 0.2,
    "differ": 1.0,
    "alternate": 0.4,
    "run": 0.6,
    "repeat": 2.0,
}
STYLES: Mapping[str, Style] = {
    "story": Style("story", _STORY, model=0.5),
    "montage": Style(
        "montage",
        {**_STORY, "act": 0.15, "order": 0.2, "scene": 0.0, "introduce": 0.3, "music": 1.5, "climax": 0.8},
        model=0.5,
    ),
    "teaser": Style(
        "teaser",
        {**_STORY, "act": 0.3, "guard": 12.0, "introduce": 0.3, "opening": 2.0, "climax": 0.2},
        model=0.5,
    ),
    NONE: Style(NONE),
}
"""``story`` tells the film up to its last turn; ``montage`` follows the music rather than the story; ``teaser`` shows
little of the story and none of its end; ``none`` is SSMP alone."""


def usual_style(decoder: str) -> str:
    """The style of a decoder where none is named: none for the decoders of the paper."""
    return "story" if decoder == "scheduled" else NONE


def find_style(name: str) -> Style:
    """The style of that name, or of the TOML file of that path.

    A file has a table ``weights`` of rules and numbers, and may have ``rules``, ``model`` and ``base``, the name of a
    style whose weights hold where it gives none (``story``).

    Raises:
        UsageError: there is no such style or file, or what it says is no style.
    """
    if name in STYLES:
        return STYLES[name]
    path = Path(name)
    if path.suffix != ".toml":
        raise UsageError(
            f"there is no style {name!r}",
            hint=f"use one of: {', '.join(STYLES)}, or a file of weights that ends in .toml",
        )
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the style {path}", error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the style {path} is no TOML file", str(error)) from error
    return _style_of(path, about)


def check_weights(whose: str, weights: Mapping[str, Any]) -> None:
    """Raise UsageError for a rule that is none, or a weight that is none."""
    if unknown := sorted(set(weights) - {*POSITION, *PAIR, *WHOLE, "rules", MODEL}):
        known = ", ".join((*POSITION, *PAIR, *WHOLE))
        raise UsageError(f"{whose} weighs {unknown[0]!r}, which is no rule", hint=f"the rules are {known}")
    for rule, value in weights.items():
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
            or not (0 <= value <= LARGEST)
        ):
            raise UsageError(f"{whose}: {rule} = {value!r} is no weight", f"weights are 0 to {LARGEST:g}")


def _style_of(path: Path, about: Mapping[str, Any]) -> Style:
    base, weights = about.get("base", "story"), about.get("weights", {})
    if unknown := sorted(set(about) - {"base", "weights", "rules", MODEL}):
        raise UsageError(f"the style {path} has {unknown[0]!r}, which is nothing a style has")
    if base not in STYLES:
        raise UsageError(f"the style {path} builds on {base!r}, which is none", hint=f"use one of: {', '.join(STYLES)}")
    if not isinstance(weights, dict):
        raise UsageError(f"the style {path}: weights is no table")
    start = STYLES[base]
    numbers = {**weights, "rules": about.get("rules", start.rules), MODEL: about.get(MODEL, start.model)}
    check_weights(f"the style {path}", numbers)
    merged = {**start.weights, **{rule: float(value) for rule, value in weights.items()}}
    return Style(path.stem, merged, float(numbers["rules"]), float(numbers[MODEL]))
