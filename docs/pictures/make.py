"""The pictures of docs/, from the project's own film.

    python docs/pictures/make.py

writes ``shapes.png``: of three clips what their trailers of 16:9, 1:1 and 9:16 show.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

import trailergen as tg
from trailergen.report.stills import decode_stills, reel

HERE = Path(__file__).parent
FILM, MUSIC = (HERE.parent.parent / "examples" / name for name in ("film.mp4", "score.ogg"))
SHAPES = ("16:9", "1:1", "9:16")
CLIPS = (2, 5, 8)
HEIGHT, GAP = 150, 6


def main() -> None:
    """Make them all."""
    session = tg.Session()
    plan = tg.plan(FILM, MUSIC, length=20, session=session)
    rows = [
        [_still(session, tg.revise(plan, shape=shape, session=session), clip) for shape in SHAPES] for clip in CLIPS
    ]
    sheet = _joined([_joined(row, 0) for row in rows], 1)
    sheet.quantize(128).save(HERE / "shapes.png", optimize=True)


def _still(session: tg.Session, plan: tg.Plan, clip: int) -> Image.Image:
    """The middle of a clip as a trailer of the plan shows it."""
    sequence, source = plan.sequence, plan.positions[clip].source
    wanted = ((source.start + source.end) // 2, max(HEIGHT, HEIGHT * sequence.width // sequence.height))
    (jpeg,) = decode_stills(session, reel(plan, FILM), [wanted], "pictures").values()
    return Image.open(io.BytesIO(jpeg))


def _joined(pictures: list[Image.Image], side: int) -> Image.Image:
    """Pictures beside each other (``side`` 0) or below each other (1)."""
    size = [max(picture.size[at] for picture in pictures) for at in (0, 1)]
    size[side] = sum(picture.size[side] + GAP for picture in pictures) - GAP
    sheet, at = Image.new("RGB", (size[0], size[1]), "white"), 0
    for picture in pictures:
        sheet.paste(picture, (at, 0) if side == 0 else (0, at))
        at += picture.size[side] + GAP
    return sheet


if __name__ == "__main__":
    main()
