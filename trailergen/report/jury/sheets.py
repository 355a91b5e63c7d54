"""Contact sheets: all that a trailer shows on one PNG, clip by clip, under nothing but a letter."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from trailergen.rendering.typeset import open_font
from trailergen.report.jury.seen import STILL_WIDTH, Sighting
from trailergen.report.voices import seconds_text

COLUMNS = 6
_MARGIN, _GAP, _LABEL, _HEAD, _BETWEEN = 26, 12, 30, 84, 2
_PAPER, _INK, _SOFT = "#ffffff", "#1b1c1e", "#5a5e64"


def draw_sheet(letter: str, sighting: Sighting) -> bytes:
    """The contact sheet of a trailer as PNG, 1600 pixels wide.

    Six clips a row, each with its number and its start in the trailer over its stills: the first above the second, side
    by side where the picture is higher than wide. The file says nothing but what is seen.
    """
    width, height = sighting.size
    tall = height > width
    cell = _LABEL + (height if tall else 2 * height + _BETWEEN) + _GAP
    rows = -(-len(sighting.clips) // COLUMNS)
    across = 2 * _MARGIN + COLUMNS * STILL_WIDTH + (COLUMNS - 1) * _GAP
    sheet = Image.new("RGB", (across, _HEAD + rows * cell + _MARGIN - _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((_MARGIN, 58), f"Trailer {letter}", _INK, open_font(None, 40), "ls")
    told = f"{len(sighting.clips)} clips, {seconds_text(sighting.length)}. {_how(tall)}"
    draw.text((across - _MARGIN, 58), told, _SOFT, open_font(None, 18), "rs")
    number_font, time_font = open_font(None, 21), open_font(None, 18)
    for index, clip in enumerate(sighting.clips):
        row, column = divmod(index, COLUMNS)
        x, y = _MARGIN + column * (STILL_WIDTH + _GAP), _HEAD + row * cell
        draw.text((x, y + _LABEL - 8), str(index + 1), _INK, number_font, "ls")
        draw.text((x + STILL_WIDTH, y + _LABEL - 8), seconds_text(clip.start), _SOFT, time_font, "rs")
        for place, still in enumerate(clip.stills):
            along = place * (width + _BETWEEN + 2), 0
            down = 0, place * (height + _BETWEEN)
            dx, dy = along if tall else down
            sheet.paste(still, (x + dx, y + _LABEL + dy))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def _how(tall: bool) -> str:
    first, second = ("left", "right") if tall else ("above", "below")
    return f"Number and start of each clip; {first} its picture at a third, {second} at two thirds."
