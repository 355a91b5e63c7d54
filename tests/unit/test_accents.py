"""Accents: where they stand in a plan, and what they sound like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sounds import noise, track, write_wav
from test_plan import plan_json

from trailergen.audio.accents import accents_of
from trailergen.audio.loudness import integrated_loudness
from trailergen.audio.mix import mix, mix_facts
from trailergen.audio.stems.accents import AccentsFacts, accents_sound, hit, riser
from trailergen.audio.stems.music import music_sound
from trailergen.audio.stems.stem import Sources
from trailergen.audio.wav import stem_paths
from trailergen.plans import SAMPLE_RATE, Plan, dump_plan, parse_plan

FRAME = SAMPLE_RATE // 24


def planned(turn: int | None = 5, lengths: tuple[int, ...] = (48,) * 10, **more: Any) -> Plan:
    """Ten clips of two seconds, clip k from shot k; the music is loudest at the eighth."""
    data = plan_json(list(lengths), 60) | {"sound": {"film": "lines", "accents": {"turn": turn}}}
    if turn is None:
        del data["sound"]["accents"]
    for number, segment in enumerate(data["segments"]):
        segment["level"] = -10.0 if number == 7 else -20.0
    return parse_plan(json.dumps(data | more))


def line(start: int, end: int) -> dict[str, Any]:
    part = {"in": start, "out": end}
    return {"id": "l0", "text": "Hello.", "source": {"in": 0, "out": end - start}, "record": part}


def test_where_accents_stand() -> None:
    found = accents_of(planned())
    assert found is not None and found.hit and found.riser and found.drop
    cuts = [number * 48 * FRAME for number in range(10)]
    assert found.hit[0] == cuts[5]
    assert found.riser[1] == cuts[7] and found.riser[0] >= cuts[5] + SAMPLE_RATE
    assert found.drop[1] == cuts[9] and 0.3 < (found.drop[1] - found.drop[0]) / SAMPLE_RATE < 0.4


def test_nothing_where_none_are_wanted() -> None:
    plain = planned(None)
    assert accents_of(plain) is None and "accents" not in dump_plan(plain) and "accents" not in mix_facts(plain)
    assert [path.name for path in stem_paths(Path("a.mp4"), plain)] == ["a.music.wav", "a.film.wav", "a.lines.wav"]
    assert stem_paths(Path("a.mp4"), planned())[-1].name == "a.accents.wav"


def test_they_keep_off_lines_and_short_clips() -> None:
    at = 9 * 48 * FRAME
    spoken = accents_of(planned(narration={"lines": [line(at - SAMPLE_RATE, at + SAMPLE_RATE)]}))
    assert spoken is not None and spoken.drop is None
    on_hit = accents_of(planned(narration={"lines": [line(5 * 48 * FRAME - 100, 5 * 48 * FRAME + SAMPLE_RATE)]}))
    assert (
        on_hit is not None and on_hit.hit is None and on_hit.riser and on_hit.riser[0] >= 5 * 48 * FRAME + SAMPLE_RATE
    )
    short = accents_of(planned(lengths=(12,) * 10))
    assert short is not None and short.drop is None
    late = accents_of(planned(turn=99))
    assert late is not None and late.hit is None
    alone = accents_of(planned(lengths=(48,)))
    assert alone is not None and (alone.hit, alone.riser, alone.drop) == (None, None, None)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(write_wav(tmp_path / "music.wav", track(noise(21, 0.05))), None)  # type: ignore[arg-type]


def test_they_are_as_loud_as_the_music_lets_them_be(sources: Sources) -> None:
    plan = planned()
    facts = AccentsFacts.of(plan)
    assert facts is not None and facts.accents.hit and facts.accents.riser
    sound = accents_sound(facts, sources)
    music = integrated_loudness(music_sound(facts.music, sources), SAMPLE_RATE)
    start, end = facts.accents.hit[0], facts.accents.riser[1]
    assert abs(integrated_loudness(sound[start : start + SAMPLE_RATE], SAMPLE_RATE) - music - 3) < 1.5
    assert abs(integrated_loudness(sound[end - SAMPLE_RATE : end], SAMPLE_RATE) - music + 2) < 1.5
    assert not sound[end:].any() and not sound[:start].any()
    assert np.array_equal(sound, accents_sound(facts, sources))


def test_before_the_button_all_is_silent(sources: Sources, tmp_path: Path) -> None:
    plan, plain = (
        planned(turn, sound={"film": "none", **more}) for turn, more in ((5, {"accents": {"turn": 5}}), (5, {}))
    )
    with_them, without = (mix(one, sources.music, sources.film) for one in (plan, plain))
    found = accents_of(plan)
    assert found is not None and found.drop
    start, end = found.drop
    inner = slice(start + 2_000, end - 500)
    assert np.abs(with_them.sum()[inner]).max() < 1e-4 < np.abs(without.sum()[inner]).max()
    assert with_them.stems.keys() - without.stems.keys() == {"accents"}


def test_a_hit_costs_the_trailer_little_loudness_and_is_no_bass_alone() -> None:
    """Music's peaks stand 12 to 16 dB over its loudness: one that stood so far over a louder hit would set the gain."""
    made = hit(2 * SAMPLE_RATE)
    loudness = integrated_loudness(np.repeat(made[:SAMPLE_RATE, None], 2, axis=1), SAMPLE_RATE)
    assert 20 * np.log10(np.abs(made).max()) - loudness < 9
    power = np.abs(np.fft.rfft(made[:SAMPLE_RATE])) ** 2  # a value for each hertz
    assert power[150:].sum() > 0.04 * power.sum(), "small loudspeakers have nothing below"


def test_the_music_comes_back_from_a_drop_out_without_a_click(sources: Sources, tmp_path: Path) -> None:
    plan = planned(5, sound={"film": "none", "accents": {"turn": 5}})
    tone = np.full((21 * SAMPLE_RATE, 2), 0.3, np.float32)
    mixed = mix(plan, write_wav(tmp_path / "tone.wav", tone), sources.film)
    found = accents_of(plan)
    assert found is not None and found.drop
    back = found.drop[1]
    music = mixed["music"][:, 0]
    assert music[back] > 0.2 * music.max() and np.abs(np.diff(music[back - 480 : back + 480])).max() < 0.1 * music.max()


def test_a_riser_rises_and_a_hit_decays() -> None:
    up, down = riser(4 * SAMPLE_RATE), hit(2 * SAMPLE_RATE)
    level = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(up, 8)]
    assert level == sorted(level) and level[-1] > 10 * level[0]
    level = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(down, 8)]
    assert level == sorted(level, reverse=True)
    assert max(abs(up[0]), abs(up[-1]), abs(down[0]), abs(down[-1])) < 1e-6
