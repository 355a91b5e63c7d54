"""Typesetting of a card: its font, its lines, its size."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from trailergen.errors import InputError, PlanError
from trailergen.runtime.cache import require_file

FONT = Path(__file__).parent / "fonts" / "Manrope-Bold.ttf"
"""The font of cards that name no other: Latin, Greek and Cyrillic letters."""

LEADING = 1.3
"""From one baseline to the next, in font sizes."""

# EBU R 95: what must be read lies in the inner 90 % of the picture. The widest line takes 70 % of that.
_WIDTH = 0.9 * 0.7
_HEIGHT = 0.7
# Over upright pictures apps lay names and buttons, over the upper seventh and the lower third.
_HEIGHT_UPRIGHT = 0.34
# Greatest font size, by the picture's shorter side: a title is larger than what is said around it.
_LARGEST = {"title": 0.14}
_LARGEST_OTHERS = 0.095
_SMALLEST = 4
# Another line must bring that much more size, or "COMING / SOON" would stand where "COMING SOON" could.
_WORTH_A_LINE = 1.25
_PROBE_SIZE = 48
_UNASSIGNED = "\U0010fffe"


@dataclass(frozen=True)
class Setting:
    """A text broken into ``lines``, and the font size in pixels at which they fit."""

    lines: tuple[str, ...]
    size: int


def open_font(font: str | None, size: int = _PROBE_SIZE) -> ImageFont.FreeTypeFont:
    """A font file at a size in pixels; trailergen's own for None. Raises InputError."""
    path = FONT if font is None else Path(font)
    try:
        require_file(path)
        return _open(str(path), size)
    except (OSError, ValueError, InputError) as error:
        raise InputError(
            f"the font {font} cannot be used", str(error), "give an OpenType or TrueType file (.ttf, .otf)"
        ) from error


def font_sha256(font: str | None) -> str:
    """The SHA-256 of a font's file. Raises InputError."""
    path = FONT if font is None else Path(font)
    require_file(path)
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(
            f"cannot read the font {font}", error.strerror, "give another with --card-font or --caption-font"
        ) from error


@lru_cache(256)
def _open(font: str, size: int) -> ImageFont.FreeTypeFont:
    # From the open file, as Pillow looks for a missing one in the system's fonts, by its name.
    with Path(font).open("rb") as file:
        return ImageFont.truetype(file, size)


def clean_text(text: str) -> str:
    """The text with letters and accents composed, single blanks, and no blank or empty lines at its ends."""
    lines = re.split(r"\r\n|\r|\n", unicodedata.normalize("NFC", text))
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in lines).strip()


def check_text(text: str, font: str | None) -> None:
    """Find out whether a font can show a text.

    Raises:
        InputError: the font cannot be read.
        PlanError: the text is empty, has letters the font lacks, or runs from right to left where Pillow cannot do
            that.
    """
    cleaned = clean_text(text)
    if not cleaned:
        raise PlanError("a card has no text", hint="write one, or leave the card out")
    if missing := missing_letters(cleaned, font):
        named = ", ".join(f"{letter} (U+{ord(letter):04X})" if letter.isprintable() else f"U+{ord(letter):04X}"
                          for letter in missing[:8])  # fmt: skip
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        raise PlanError(
            f"the font {font or FONT.name} has no letters for the card {shown(text)}",
            f"it lacks {named}{more}",
            "give a font that has them with --card-font",
        )
    leftward = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in cleaned)
    if leftward and not features.check("raqm"):
        raise PlanError(
            f"the card {shown(text)} runs from right to left, which this Pillow cannot set",
            "it was built without Raqm",
            "install Pillow from its wheels",
        )


def shown(text: str) -> str:
    """A card's text as it is named in messages: in quotes, on one line, not too long."""
    line = " ".join(text.encode(errors="replace").decode().split())
    return f'"{line}"' if len(line) <= 40 else f'"{line[:39]}…"'


def missing_letters(text: str, font: str | None) -> list[str]:
    """Letters that the font draws as it draws what no font has."""
    opened = open_font(font)
    nothing = _shape(opened, _UNASSIGNED)
    found = []
    for letter in dict.fromkeys(text):
        # Joiners and variation selectors have no shape of their own.
        if letter.isspace() or unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f":
            continue
        if unicodedata.category(letter) in ("Cs", "Cc") or _shape(opened, letter) == nothing:
            found.append(letter)
    return found


def _shape(font: ImageFont.FreeTypeFont, letter: str) -> tuple[float, tuple[int, int], bytes]:
    mask = font.getmask(letter, mode="L")
    return font.getlength(letter), mask.size, bytes(mask)


def set_text(
    text: str, kind: str, width: int, height: int, font: str | None, factor: float = 1.0, share: float | None = None
) -> Setting:
    """Break a text at blanks into balanced lines, as large as a picture of ``width`` x ``height`` pixels lets them be.

    A line break in the text stays one. The widest line takes 70 % of the title-safe width at most, all lines 70 % of
    the height, of an upright picture 34 %; fewer lines are better than letters that are only a little larger. The
    greatest size is multiplied by ``factor``; ``share`` is another one of the height.

    Raises:
        InputError: the font cannot be read.
        PlanError: as ``check_text``, and where the text does not fit at any size that is one.
    """
    check_text(text, font)
    paragraphs = [line.split(" ") for line in clean_text(text).split("\n")]
    size = max(_SMALLEST, round(min(width, height) * _LARGEST.get(kind, _LARGEST_OTHERS) * factor))
    room = height * (share if share is not None else _HEIGHT_UPRIGHT if height > width else _HEIGHT)
    found: list[Setting] = []
    while size >= _SMALLEST:
        setting = _at_size(paragraphs, size, width * _WIDTH, room, font)
        if setting and not (found and len(found[-1].lines) <= len(setting.lines)):
            found.append(setting)
        size -= max(1, size // 24)
    if not found:
        raise PlanError(
            f"the card {shown(text)} does not fit a picture of {width}x{height}", hint="shorten it, or make several"
        )
    # Each has fewer and smaller lines than the one before it.
    best = found[0]
    return next(setting for setting in reversed(found) if setting.size * _WORTH_A_LINE >= best.size)


def capital_height(setting: Setting, font: str | None) -> int:
    """Pixels that a capital letter is high. Raises InputError."""
    return round(-open_font(font, setting.size).getbbox("H", anchor="ls")[1])


def text_height(setting: Setting, font: str | None) -> int:
    """Pixels from the top of the first line's capitals to the last line's baseline. Raises InputError."""
    return capital_height(setting, font) + (len(setting.lines) - 1) * round(setting.size * LEADING)


def _at_size(
    paragraphs: Sequence[Sequence[str]], size: int, width: float, height: float, font: str | None
) -> Setting | None:
    """The lines at one size; None if they do not fit."""
    opened = open_font(font, size)
    blank = opened.getlength(" ")
    most = int((height / size - 1) / LEADING) + 1
    lines: list[str] = []
    for words in paragraphs:
        widths = [opened.getlength(word) for word in words]
        if max(widths) > width:
            return None
        lines += [" ".join(words[start:end]) for start, end in balanced(widths, blank, width)]
        if len(lines) > most:
            return None
    return Setting(tuple(lines), size)


def balanced(widths: Sequence[float], blank: float, limit: float) -> list[tuple[int, int]]:
    """Words ``[start, end)`` of each line: as few lines as fit, and among those the most even ones.

    The sum of the squared line widths is least where lines are even, as their sum hardly depends on the breaks.
    """
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # lines, sum of squares, start of the last line
    for end in range(1, len(widths) + 1):
        choices, line = [], -blank
        for start in range(end - 1, -1, -1):
            line += widths[start] + blank
            if line > limit and start < end - 1:
                break
            choices.append((best[start][0] + 1, best[start][1] + line * line, start))
        best.append(min(choices))
    lines, end = [], len(widths)
    while end:
        start = best[end][2]
        lines.append((start, end))
        end = start
    return lines[::-1]
