"""What the types of a plan are made of: rates, ranges, and objects that keep what they do not know."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator

from trailergen.timebase import format_fraction, parse_rate


def _rate_from_text(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        try:
            return parse_rate(value)
        except (ValueError, ZeroDivisionError) as error:
            raise ValueError(f"not a rate: {value!r}, write it like 24000/1001") from error
    raise ValueError("a rate is a string like 24000/1001, never a float")


Rate = Annotated[
    Fraction,
    BeforeValidator(_rate_from_text),
    PlainSerializer(format_fraction, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(/[0-9]+)?$"}),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
WHITE, BLACK = "#ffffff", "#000000"


class Part(BaseModel):
    """Unknown fields are kept, so that a plan edited by a newer version or another tool survives."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Range(Part):
    """Frames or samples ``[in, out)``."""

    start: int = Field(alias="in", ge=0)
    end: int = Field(alias="out", ge=0)

    @model_validator(mode="after")
    def _not_empty(self) -> Range:
        if self.end <= self.start:
            raise ValueError(f"empty range [{self.start}, {self.end})")
        return self

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Range) -> bool:
        """True where the two ranges share a frame."""
        return self.start < other.end and other.start < self.end


def span(start: int, end: int) -> Range:
    """The range ``[start, end)``."""
    return Range.model_validate({"in": start, "out": end})
