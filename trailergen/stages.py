"""The stages of the analysis, each a function from typed inputs to a typed result.

Each is kept in the cache by the content of its inputs: the same command again computes nothing twice, and after a kill
it continues from the last finished stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailergen.media.decoding import Damage
from trailergen.plans import Crop
from trailergen.runtime.cache import Entry
from trailergen.runtime.device import resolve_device
from trailergen.session import Session
from trailergen.settings.plan import PlanSettings
from trailergen.timebase import format_time

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trailergen.audio.measured import Measured
    from trailergen.features.encoder import Encoder
    from trailergen.media.probe import FilmInfo
    from trailergen.music.analysis import MusicAnalysis
    from trailergen.readings.types import Floats, Readings
    from trailergen.shots.analysis import FilmAnalysis
    from trailergen.shots.looking import Looks

_TOLD_S = Fraction(1, 4)
"""So much of missing pictures is worth telling."""


@dataclass(frozen=True)
class AnalysedFilm:
    """A film after the shots stage; ``cut`` are its shots' frames where a list says them, None where they are found."""

    info: FilmInfo
    sha256: str
    analysis: FilmAnalysis
    cut: tuple[tuple[int, int], ...] | None = None

    def inputs(self) -> dict[str, Any]:
        """What stages after this one depend on."""
        return {"film": self.sha256} | ({} if self.cut is None else {"cut": [list(shot) for shot in self.cut]})


def probe(session: Session, path: Path, sha256: str, in_order: bool = False) -> FilmInfo:
    """The facts of a film of this content, from the cache if they are known. Raises InputError."""
    from trailergen.media.probe import VERSION, info_from_facts, info_to_facts, probe_film

    entry = session.cache.result(
        session.cache.key("probe", VERSION, {"film": sha256}),
        lambda: Entry(info_to_facts(probe_film(path)), {}),
    )
    info = info_from_facts(entry.facts, path)
    return replace(info, in_order=in_order or info.in_order)


def find_shots(session: Session, path: Path) -> AnalysedFilm:
    """Probe the film and find its shots; decodes only what the cache does not know. Raises InputError."""
    film = known_shots(session, path)
    for line in _not_as_it_stands(film.info, film.analysis):
        session.progress.note(line)
    return film


def known_shots(session: Session, path: Path) -> AnalysedFilm:
    """The same for a film of which everything was told when its shots were found. Raises InputError."""
    sha256 = session.cache.fingerprint(path)
    info = probe(session, path, sha256)
    from trailergen.media.hwaccel import hardware_decoder
    from trailergen.shots import stored
    from trailergen.shots.analysis import VERSION, analyse_film
    from trailergen.shots.memo import KeptMemo
    from trailergen.shots.networks import load_networks, packaged_weights

    def make() -> Entry:
        device = resolve_device(session.device)
        networks = session.models.get(("shots", device), lambda: load_networks(device))
        hardware, reason = hardware_decoder(session.hwaccel, device, path)
        if reason:
            session.progress.note(reason)
        memo = KeptMemo(session.cache, f"{key}-unfinished")
        with session.progress.stage("shots", info.duration) as tick:
            try:
                found = analyse_film(info, device, tick, hardware, networks, memo)
            except KeyboardInterrupt:
                memo.keep(at_once=True)
                raise
        memo.discard()
        return stored.to_entry(found)

    key = session.cache.key("shots", VERSION, {"film": sha256, "weights": packaged_weights()})
    waiting = session.waits_for(f"the shots of {path.name}")
    analysis = session.memory.get(key, lambda: stored.from_entry(session.cache.result(key, make, waiting)))
    return AnalysedFilm(replace(info, in_order=analysis.in_order), sha256, analysis)


def recut_shots(session: Session, film: AnalysedFilm, cut: Sequence[tuple[int, int]]) -> AnalysedFilm:
    """The film with the shots of a list, film frames ``[in, out)`` in their order, instead of those that were found.

    Raises InputError and WeightsError.
    """
    from trailergen.shots import stored
    from trailergen.shots.analysis import VERSION
    from trailergen.shots.efficientnet import EFFICIENTNET, load_efficientnet
    from trailergen.shots.looking import look_at
    from trailergen.shots.networks import packaged_weights
    from trailergen.shots.recut import RECUT_VERSION, recut

    found = AnalysedFilm(film.info, film.sha256, film.analysis, tuple(cut))

    def look(frames: Sequence[int]) -> Looks:
        device = resolve_device(session.device)
        network = session.models.get(("efficientnet", device), lambda: load_efficientnet(device))
        with session.progress.stage("listed shots", len(frames)) as tick:
            return look_at(film.info, film.analysis.rate, frames, network, tick)

    inputs = {**found.inputs(), "shots": VERSION, "weights": packaged_weights(EFFICIENTNET)}
    key = session.cache.key("recut", RECUT_VERSION, inputs)
    entry = session.cache.result(key, lambda: stored.to_entry(recut(film.analysis, cut, look)))
    return replace(found, analysis=stored.from_entry(entry))


def _not_as_it_stands(film: FilmInfo, analysis: FilmAnalysis) -> Iterator[str]:
    """Sentences about what of a film could not be read as it stands."""
    damage = analysis.damage
    if film.clock == "count":
        yield f"{film.path.name} has no timestamps: it is taken at its own {float(analysis.rate):g} frames a second"
    if damage.restarts:
        yield f"the clock of {film.path.name} restarts ({damage.restarts}): its parts are joined"
    if damage.other_shapes:
        shape = f"{film.display_width}x{film.display_height}"
        other = f"{damage.other_shapes} pictures are shown in its first, {shape}, with bars"
        yield f"{film.path.name} changes its shape: {other}"
    if film.colour.unknown:
        yield f"{film.path.name} has colour tags that trailers cannot carry, {', '.join(film.colour.unknown)}: left out"
    if line := _left_out(film.path, damage, "picture or sound"):
        yield line
    if damage.lost:
        lost = f"{damage.lost} picture{'s' * (damage.lost > 1)} of {film.path.name}"
        yield f"{lost} cannot be decoded: others stay longer"
    if damage.flawed:
        flawed = f"{damage.flawed} damaged picture{'s' * (damage.flawed > 1)} of {film.path.name}"
        yield f"{flawed}: shown as the decoder mends them"
    if not analysis.variable_rate and film.clock != "count":
        yield from _missing(film, analysis)
    if analysis.in_order:
        yield f"single pictures of {film.path.name} cannot be sought: it is read from its start, which takes longer"


def _missing(film: FilmInfo, analysis: FilmAnalysis) -> Iterator[str]:
    from trailergen.media.rate import gaps

    found = gaps(analysis.times, analysis.time_base, analysis.rate)
    lost = sum((length for _, length in found), Fraction(0))
    if lost >= _TOLD_S:
        places = f"{len(found)} place{'s' * (len(found) > 1)}, the first at {format_time(found[0][0])}"
        yield f"pictures of {film.path.name} are missing, {float(lost):.2f} s in {places}: the one before stays"


def _left_out(path: Path, damage: Damage, of: str) -> str:
    """A sentence about packets that were stepped over; empty where none was."""
    if not damage.packets:
        return ""
    packets = f"{damage.packets} damaged packet{'s' * (damage.packets > 1)} of {path.name}"
    lost = f", {damage.seconds:.2f} s of {of}" if damage.seconds else ""
    return f"{packets} left out{lost}"


def read_film(session: Session, film: AnalysedFilm) -> Readings:
    """The notes an editor would take about the film's shots (see readings/types.py)."""
    from trailergen.readings import stored
    from trailergen.readings.read import VERSION, read_shots
    from trailergen.shots.analysis import VERSION as SHOTS

    key = session.cache.key("readings", VERSION, {**film.inputs(), "shots": SHOTS})

    def read() -> Readings:
        return stored.from_entry(session.cache.result(key, lambda: stored.to_entry(read_shots(film.analysis))))

    return session.memory.get(key, read)


def attend(
    session: Session, film: FilmInfo, sha256: str, rate: Fraction, frames: Sequence[int]
) -> tuple[Floats, Floats]:
    """Attention (k, 9, 16) to the parts of film frames (see readings/attention.py), and their colours (k, 9, 16, 3) in
    CIE L*a*b*. Raises InputError, WeightsError.

    Args:
        session: cache and display.
        film, sha256: the film.
        rate: of its frames.
        frames: increasing numbers of them.
    """
    from trailergen.readings.attention import VERSION
    from trailergen.shots.efficientnet import EFFICIENTNET, load_efficientnet
    from trailergen.shots.looking import look_at
    from trailergen.shots.networks import packaged_weights

    def make() -> Entry:
        from trailergen.readings.appearance import cell_colours
        from trailergen.readings.attention import attention

        device = resolve_device(session.device)
        network = session.models.get(("efficientnet", device), lambda: load_efficientnet(device))
        with session.progress.stage("framing", len(frames)) as tick:
            looks = look_at(film, rate, frames, network, tick)
            colours = cell_colours(looks.thumbs)
            return Entry({}, {"attention": attention(looks.maps, looks.thumbs), "colours": colours})

    inputs = {
        "film": sha256,
        "rate": str(rate),
        "frames": list(frames),
        "weights": packaged_weights(EFFICIENTNET),
    }
    found = session.cache.result(session.cache.key("attention", VERSION, inputs), make).arrays
    return found["attention"], found["colours"]


def crop_bars(session: Session, film: AnalysedFilm) -> Crop | None:
    """The film's picture without its letterbox or pillarbox; None if it has none. Raises InputError."""
    from trailergen.shots.bars import SAMPLES, VERSION, find_bars

    def make() -> Entry:
        with session.progress.stage("bars", SAMPLES) as tick:
            found = find_bars(film.info, film.analysis.rate, film.analysis.frames, tick)
        return Entry({"crop": found.model_dump() if found else None}, {})

    found = session.cache.result(session.cache.key("bars", VERSION, {"film": film.sha256}), make).facts["crop"]
    if found is None:
        session.progress.note("the film has no bars to crop")
        return None
    return Crop.model_validate(found)


def encode_shots(session: Session, film: AnalysedFilm, encoder: Encoder) -> NDArray[np.float32]:
    """Features (I, D) of the film's shots. Raises InputError, and WeightsError if the encoder's are unfit."""
    from trailergen.features.shards import Shards
    from trailergen.shots.analysis import VERSION

    inputs = {**film.inputs(), "shots": VERSION, "space": encoder.space, "weights": dict(encoder.weights)}
    key = session.cache.key("features", encoder.version, inputs)
    shards = Shards(session.cache, key)
    shots = len(film.analysis.shots)

    def make() -> Entry:
        with session.progress.stage("features", shots) as tick:
            found = shards.complete(shots, lambda first: encoder.encode(film.info, film.analysis, first, tick), tick)
            return Entry({}, {"features": found})

    waiting = session.waits_for(f"the features of {film.info.path.name}")
    features = session.memory.get(key, lambda: session.cache.result(key, make, waiting).arrays["features"])
    shards.remove()
    return features


def measure_sound(session: Session, path: Path) -> Measured:
    """Loudness and true peak of a finished trailer. Raises InputError."""
    from trailergen.audio.measured import MEASURE_VERSION, Measured, measure

    def make() -> Entry:
        return Entry({name: repr(value) for name, value in asdict(measure(path)).items()}, {})

    inputs = {"sound": session.cache.fingerprint(path)}
    facts = session.cache.result(session.cache.key("loudness", MEASURE_VERSION, inputs), make).facts
    return Measured(**{name: float(value) for name, value in facts.items()})


def cut_music(session: Session, path: Path, settings: PlanSettings) -> tuple[str, MusicAnalysis]:
    """SHA-256 of the music, and its segments. Raises InputError."""
    sha256 = session.cache.fingerprint(path)
    from trailergen.music.analysis import MUSIC_VERSION, STEPS, MusicAnalysis, analyse_music

    def make() -> Entry:
        damage = Damage()
        with session.progress.stage("music", STEPS) as tick:
            found = analyse_music(
                path,
                length=settings.length,
                cut_length=settings.cut_length,
                segmentation=settings.segmentation,
                tick=tick,
                damage=damage,
            )
        if line := _left_out(path, damage, "sound"):
            session.progress.note(line)
        return Entry(*found.to_parts())

    wishes = {"length": settings.length, "cut_length": settings.cut_length, "segmentation": settings.segmentation}
    entry = session.cache.result(session.cache.key("music", MUSIC_VERSION, {"music": sha256, **wishes}), make)
    return sha256, MusicAnalysis.from_parts(entry.facts, entry.arrays)
