"""The readings of one shot, by name, for plans, tables and pages."""

from __future__ import annotations

from trailergen.readings.types import Readings

_DIGITS = {
    "subject": 2,
    "size": 3,
    "closeness": 2,
    "motion": 2,
    "peak_s": 2,
    "sharpness": 2,
    "clutter": 2,
    "brightness": 0,
    "saturation": 0,
    "typicality": 2,
    "speech": 2,
    "loudness": 1,
    "transient": 1,
}
PLANNED = (
    "subject", "size", "closeness", "motion", "clutter", "brightness", "typicality",
    "setup", "speech", "loudness", "transient", "act",
)  # fmt: skip
"""The readings that a plan keeps of each shot."""


def shot_readings(readings: Readings, number: int) -> dict[str, float | int]:
    """All readings of shot ``number``, rounded to what they are worth. The centre is ``x`` and ``y``, the colour
    ``lightness``, ``red_green`` and ``yellow_blue``; what is said of the whole film (turn, guard) is not among them.

    Raises:
        IndexError: the film has no such shot.
    """
    if not 0 <= number < len(readings.act):
        raise IndexError(f"no readings of shot {number}, there are {len(readings.act)}")
    found: dict[str, float | int] = {
        name: _rounded(getattr(readings, name)[number], digits) for name, digits in _DIGITS.items()
    }
    for name, value in zip(("x", "y"), readings.centre[number], strict=True):
        found[name] = _rounded(value, 2)
    for name, value in zip(("lightness", "red_green", "yellow_blue"), readings.colour[number], strict=True):
        found[name] = _rounded(value, 0)
    return found | {"setup": int(readings.setup[number]), "act": int(readings.act[number])}


def planned_readings(readings: Readings, number: int) -> dict[str, float | int]:
    """Those of ``shot_readings`` that a plan keeps."""
    found = shot_readings(readings, number)
    return {name: found[name] for name in PLANNED}


def film_readings(readings: Readings) -> dict[str, int | list[int] | None]:
    """The readings of the film as a whole: ``acts``, the first shot of each, ``turn``, and ``guard``, None if nothing
    is a spoiler."""
    act = readings.act.tolist()
    starts = [number for number, of in enumerate(act) if number == 0 or of != act[number - 1]]
    return {"acts": starts, "turn": readings.turn, "guard": readings.guard if readings.guard < len(act) else None}


def _rounded(value: float, digits: int) -> float | int:
    return round(float(value), digits) if digits else round(float(value))
