"""Look at a finished trailer once, and compare it with its plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from trailergen.audio.loudness import integrated_loudness, true_peak
from trailergen.audio.mix import CEILING, mix
from trailergen.errors import InputError, VerificationError
from trailergen.media.frames import FrameReader
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.media.tonemap import drawn_codes, small_bt709
from trailergen.media.upright import upright
from trailergen.plans import SAMPLE_RATE, Plan
from trailergen.rendering.captioned import lay_writings
from trailergen.rendering.cards import DrawnCard, card_levels
from trailergen.rendering.checksums import Fingerprints
from trailergen.rendering.colour import is_mapped, luma_weights
from trailergen.rendering.crosscheck import seeking_fault
from trailergen.rendering.framing import Framing
from trailergen.rendering.pieces import film_start, pieces
from trailergen.rendering.video import Clip, Dissolve, framing_at, framing_of
from trailergen.rendering.watch import THUMBNAIL, Piece, Watched, grey, watch
from trailergen.rendering.writing import writings
from trailergen.runtime.progress import Tick, no_tick
from trailergen.settings.render import RenderSettings

_BLACK_LEVEL = np.float32(16)
# Mean grey levels. Encoding moves a thumbnail by less than 3, another picture by 20 to 80.
_SAME = 10.0
_BLACK = 6.0
_STILL = 0.5
# Share of the grey level that a card's letters have.
_CARD_SAME = 0.5
_CARD_LAG = 2
# AAC keeps a correlation of 0.998 of music and 0.6 of white noise, its worst case; another sound has hardly any.
_ALIKE = 0.3
# AAC moves the loudness of a mix by less than a tenth, and lets some of its peaks shoot over.
_LOUDNESS_LU = 0.5
_OVERSHOOT_DB = 2.0
_BLOCK = SAMPLE_RATE // 10
_AUDIBLE = 10 ** (-50 / 20)
# The film is looked at so much finer: a crop is met to less than a thumbnail's pixel, and HDR is mapped before it is
# averaged, the mean of PQ's numbers not being that of what they become.
_FINER = 8
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)


def verify_trailer(
    path: Path,
    plan: Plan,
    *,
    film: Path,
    music: Path,
    settings: RenderSettings = RenderSettings(),  # noqa: B008 (frozen)
    mixed: Callable[[], NDArray[np.float32]] | None = None,
    seen: Fingerprints = Fingerprints(),  # noqa: B008 (frozen)
    tick: Tick = no_tick,
) -> Fingerprints:
    """Check that a rendered trailer is what its plan says.

    Checked: picture size, number and exact times of the frames; the end of the sound, to within a frame, its samples
    against the planned ones, a tenth of a second at a time; every clip's first, middle and last picture against the
    film's, with the planned fade, and that no clip is black or frozen where the film is not; every frame of the cards;
    and once per film, one picture by another way (see crosscheck.py).

    Args:
        path: the trailer.
        plan: its plan.
        film: where the film is now.
        music: where the music is now.
        settings: what it was rendered with: a film of HDR is compared as it was mapped.
        mixed: gives the planned samples, (samples, channels); asked only if they are needed.
        seen: what passed before: pictures and sound that still have their fingerprint are not decoded again.
        tick: called with the trailer's frames seen.

    Returns:
        The fingerprints of the plan's pieces and of the sound, see checksums.py.

    Raises:
        VerificationError: with everything that was found.
        InputError: the film or the music cannot be read.
    """
    planned = pieces(plan, settings)
    known = seen.pieces or (None,) * len(planned)
    parts = [Piece(piece.start, piece.end, before) for piece, before in zip(planned, known, strict=True)]
    try:
        trailer = watch(path, parts, seen.sound, tick)
    except InputError as error:
        raise VerificationError("the rendered trailer cannot be played", error.why or error.what) from error
    info = probe_film(film, plan.film.in_order)
    found = [*_timing_faults(trailer, plan)]
    if trailer.samples is not None:
        planned_sound = mixed() if mixed else mix(plan, music, info).sum()
        found += _sound_faults(trailer.samples, planned_sound)
        if plan.sound.limit:
            found += _loudness_faults(trailer.samples, planned_sound)
    if len(trailer.times) == plan.sequence.frames:
        found += _picture_faults(trailer, plan, info, settings)
        if None in known and (fault := seeking_fault(plan, info)):
            found.append(fault)
    if found:
        raise VerificationError(
            "the rendered trailer is not what the plan says",
            "\n       ".join(found),
            "check that the film is the one the plan was made from, and please report this",
        )
    return trailer.fingerprints


def _timing_faults(trailer: Watched, plan: Plan) -> Iterator[str]:
    sequence = plan.sequence
    if trailer.size != (sequence.width, sequence.height):
        yield "the picture is {}x{}, planned {}x{}".format(*trailer.size, sequence.width, sequence.height)
    if len(trailer.times) != sequence.frames:
        yield f"there are {len(trailer.times)} frames, planned {sequence.frames}"
    late = next((k for k, time in enumerate(trailer.times) if time != k / sequence.rate), None)
    if late is not None:
        yield f"frame {late} is shown at {float(trailer.times[late]):.6f} s, not at {float(late / sequence.rate):.6f} s"
    apart = trailer.audio_end - sequence.frames / sequence.rate
    if abs(apart) > 1 / sequence.rate:
        yield f"the sound ends {float(apart):+.3f} s from the picture's end"


def _sound_faults(samples: NDArray[np.float32], planned: NDArray[np.float32]) -> Iterator[str]:
    """Stretches of the sound, in tenths of a second, that are not the planned samples at their time."""
    wrong: list[int] = []
    for start in range(0, len(planned), _BLOCK):
        wanted = planned[start : start + _BLOCK]
        heard = np.zeros_like(wanted)
        there = samples[start : start + len(wanted)]
        heard[: len(there)] = there
        if np.sqrt(np.mean(wanted**2)) < _AUDIBLE and np.sqrt(np.mean(heard**2)) < 2 * _AUDIBLE:
            continue
        power = np.sqrt(np.sum(heard**2) * np.sum(wanted**2))
        if np.sum(heard * wanted) <= _ALIKE * power:
            wrong.append(start)
    if wrong:
        end = min(len(planned), wrong[-1] + _BLOCK)
        yield f"the sound from {wrong[0] / SAMPLE_RATE:.2f} s to {end / SAMPLE_RATE:.2f} s is not the planned one"


def _loudness_faults(samples: NDArray[np.float32], planned: NDArray[np.float32]) -> Iterator[str]:
    """Sound that a limiter made, measured again: as loud as it was mixed, with peaks as high as that and no higher."""
    wanted, heard = (integrated_loudness(sound, SAMPLE_RATE) for sound in (planned, samples))
    if abs(wanted - heard) > _LOUDNESS_LU:
        yield f"the sound has {heard:.1f} LUFS, planned {wanted:.1f}"
    if (over := 20 * np.log10(max(true_peak(samples), 1e-9)) - CEILING) > _OVERSHOOT_DB:
        yield f"the sound's true peak is {over:.1f} dB over {CEILING:g} dBTP"


def _picture_faults(trailer: Watched, plan: Plan, film: FilmInfo, settings: RenderSettings) -> Iterator[str]:
    mapped, luma = is_mapped(film, settings), luma_weights(film, settings)
    reader = FrameReader(film, plan.film.rate)
    for number, piece in sorted(
        enumerate(pieces(plan, settings)), key=lambda one: film_start(one[1].shows) if film.in_order else 0
    ):
        if number in trailer.skipped:
            continue
        shown = trailer.thumbnails[piece.start : piece.end] - _BLACK_LEVEL
        middle = len(shown) // 2
        if isinstance(piece.shows, DrawnCard):
            if fault := _card_fault(shown, piece.shows, film if film.colour.is_hdr and not mapped else None, luma):
                yield f"{piece.name}, frames [{piece.start}, {piece.end}): {fault}"
            continue
        marks = sorted({0, middle, len(shown) - 1})
        if isinstance(piece.shows, Dissolve):  # one of another length is the same in its middle
            marks = sorted({*marks, len(shown) // 4, 3 * len(shown) // 4})
        marks = sorted({*marks, *((one.start + one.end) // 2 for one in writings(piece.shows))})
        planned = _planned(reader, piece.shows, film, marks, mapped)
        lights = [_brightness(piece.shows, k) if isinstance(piece.shows, Clip) else 1.0 for k in marks]
        if fault := lay_writings(piece.shows, shown, planned, marks, lights, luma):
            yield f"{piece.name}: {fault}"
        if fault := _clip_fault(shown, planned, marks):
            yield f"{piece.name}, film frames [{piece.shows.start}, {piece.shows.end}): {fault}"


def _card_fault(
    shown: NDArray[np.float32], card: DrawnCard, kept: FilmInfo | None, luma: tuple[float, float, float]
) -> str | None:
    """Every frame of a card against the drawn one, faded as planned or as a frame or two beside it.

    ``kept`` is a film whose HDR was kept: there the numbers of a fade do not fall as its light does.
    """
    levels = card_levels(card)
    drawn = {level: _card_thumbnail(card, level, kept, luma) for level in {1.0, *levels.tolist()}}
    full = drawn[1.0]
    # Most of a card is ground whatever it says: its letters and what is around them are looked at apart.
    ground = full[0, 0]
    off = np.abs(full - ground)
    letters, around = off > off.max() / 4, off < 1
    allowed = max(2 * _SAME, _CARD_SAME * float(off[letters].mean()))
    for frame, picture in enumerate(shown):
        # A coarse encode repeats a picture rather than fade it on.
        near = [drawn[level] for level in levels[max(0, frame - _CARD_LAG) : frame + _CARD_LAG + 1].tolist()]
        apart = min(float(np.abs(picture[letters] - planned[letters]).mean()) for planned in near)
        if apart > allowed:
            return f"its frame {frame} does not show the text ({apart:.0f} grey levels apart)"
        beside = min(float(np.abs(picture[around] - planned[around]).mean()) for planned in near)
        if beside > 2 * _BLACK:
            what = "black" if ground < 1 else "as it shall be"
            return f"its frame {frame} is not {what} around the text"
    return None


def _card_thumbnail(
    card: DrawnCard, level: float, kept: FilmInfo | None, luma: tuple[float, float, float]
) -> NDArray[np.float32]:
    """A card at some brightness, counted from black."""
    greys = (np.arange(256) / 255 * level).astype(np.float32)
    table = np.rint((drawn_codes(greys, kept) if kept else greys) * 255).astype(np.uint8)
    drawn = table[card.picture()]
    grey_of = drawn if drawn.ndim == 2 else np.rint(drawn @ np.array(luma, np.float32)).astype(np.uint8)
    small = Image.fromarray(grey_of).resize(THUMBNAIL, Image.Resampling.BOX)
    return np.asarray(small, np.float32) * np.float32(219 / 255)


def _planned(
    reader: FrameReader, shows: Clip | Dissolve, film: FilmInfo, marks: list[int], mapped: bool
) -> NDArray[np.float32]:
    """Thumbnails of the marked frames of a clip or a dissolve."""
    if isinstance(shows, Clip):
        return _planned_pictures(reader, shows, film, marks, mapped)
    first, second = (_planned_pictures(reader, clip, film, marks, mapped) for clip in (shows.first, shows.second))
    share = (np.array(marks, np.float32) + 1) / np.float32(shows.first.end - shows.first.start + 1)
    return np.asarray(first + (second - first) * share[:, None, None], np.float32)


def _planned_pictures(
    reader: FrameReader, clip: Clip, film: FilmInfo, marks: list[int], mapped: bool
) -> NDArray[np.float32]:
    """Thumbnails of the film at the marked frames of a clip, framed, mapped and faded as planned."""
    pictures, framing = reader.read(clip.start, clip.start + marks[-1] + 1), framing_of(film, clip)
    kept = [
        _framed(picture, framing_at(framing, clip, k), film if mapped else None)
        for k, picture in enumerate(pictures)
        if k in marks
    ]
    return np.stack(kept) * np.array([_brightness(clip, k) for k in marks], np.float32)[:, None, None]


def _framed(picture: VideoFrame, framing: Framing, wide: FilmInfo | None) -> NDArray[np.float32]:
    """The thumbnail of a film picture as the trailer shows it, counted from black; ``wide`` if it was mapped."""
    width, height = (side * _FINER for side in THUMBNAIL)
    whole, (x, y) = framing.within((width, height))
    lying = framing.unturned(whole)
    level = grey(picture, lying) - _BLACK_LEVEL if wide is None else _mapped_grey(picture, wide, lying)
    shown = upright(level, framing)
    blocks = shown[y : y + height, x : x + width].reshape(height // _FINER, _FINER, width // _FINER, _FINER)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def _mapped_grey(picture: VideoFrame, film: FilmInfo, size: tuple[int, int]) -> NDArray[np.float32]:
    """The brightness that a picture of HDR or BT.2020 has as BT.709, at (width, height), black 0 and white 219."""
    return np.asarray(small_bt709(picture, film, size) @ _WEIGHTS * np.float32(219), np.float32)


def _brightness(clip: Clip, frame: int) -> float:
    faded = frame - (clip.end - clip.start - clip.fade)
    risen = min(1.0, frame / max(clip.rise - 1, 1)) if clip.rise else 1.0
    return risen * (1.0 if faded <= 0 else 1 - faded / max(clip.fade - 1, 1))


def _clip_fault(shown: NDArray[np.float32], planned: NDArray[np.float32], marks: list[int]) -> str | None:
    if shown.mean(axis=(1, 2)).max() < _BLACK and planned.mean(axis=(1, 2)).max() > 2 * _BLACK:
        return "the clip is black, the film is not"
    if _motion(shown) < _STILL and _motion(planned) > 4 * _STILL:
        return "the clip is frozen, the film is not"
    apart = np.abs(shown[marks] - planned).mean(axis=(1, 2))
    worst = int(apart.argmax())
    if apart[worst] > _SAME:
        return f"its frame {marks[worst]} shows another picture than the film ({apart[worst]:.0f} grey levels apart)"
    return None


def _motion(pictures: NDArray[np.float32]) -> float:
    """The greatest distance of pictures from the first of them, in mean grey levels."""
    return float(np.abs(pictures - pictures[0]).mean(axis=(1, 2)).max())
