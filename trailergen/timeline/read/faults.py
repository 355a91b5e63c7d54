"""Reasons why a clip of the film cannot stand in a plan, and speeds among them."""

from __future__ import annotations

from collections.abc import Mapping

SPEED = "it does not run at its own speed"
REVERSE = "it runs backwards"
FREEZE = "it is a freeze frame"
VARIABLE = "its speed changes"
OFF = "it is switched off"
MULTICLIP = "it is a multiclip, whose angles lie no one knows where: flatten it first"
UNPLACED = "it does not say where it stands"
SOURCELESS = "it does not say which frames it shows"


def speed_fault(speed: float) -> str:
    """The reason of a constant speed, 1 being the clip's own; empty where there is none."""
    if speed == 0:
        return FREEZE
    if speed < 0:
        return REVERSE
    # Programs write 99.99 for rates that are nearly equal; an hour of film is then off by less than they are.
    return "" if abs(speed - 1) < 2e-3 else SPEED


def remap_fault(parameters: Mapping[str, str]) -> str:
    """The reason of Final Cut Pro's ``timeremap`` by its parameters; empty where it changes nothing."""
    if _on(parameters.get("variablespeed", "")):
        return VARIABLE
    if _on(parameters.get("reverse", "")):
        return REVERSE
    try:
        return speed_fault(float(parameters.get("speed", "100")) / 100)
    except ValueError:
        return SPEED


def _on(value: str) -> bool:
    return value.strip().upper() not in ("", "0", "0.0", "FALSE")
