"""The tree of settings: values, texts, provenance, and that every door derives from it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from trailergen.batch.films import columns
from trailergen.cli.groups import spread
from trailergen.errors import UsageError
from trailergen.settings.batch import BatchSettings
from trailergen.settings.group import Group, settings_of, to_options
from trailergen.settings.keywords import RenderKeywords, TrailerKeywords
from trailergen.settings.language_model import LanguageModelSettings
from trailergen.settings.machine import MachineSettings
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.plan import Decoder, PlanSettings
from trailergen.settings.render import CODECS, CodecName, RenderSettings
from trailergen.settings.series import SeriesSettings
from trailergen.settings.sound import FilmAudio, SoundSettings
from trailergen.settings.titles import TitleSettings
from trailergen.settings.tree import GROUPS, Settings
from trailergen.timebase import Timecode

ALL_GROUPS: tuple[type[Group], ...] = (
    *GROUPS.values(),
    SeriesSettings,
    LanguageModelSettings,
    MachineSettings,
    BatchSettings,
)

# A command line holds no NUL, and click takes none of the surrogates apart.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
paths = texts.map(Path)
times = st.integers(0, 10**9).map(lambda millionths: Fraction(millionths, 10**6))
timecodes = st.just((Timecode("1:02:03:04"), Timecode("01:02:03;05")))
ranges = st.tuples(times, st.integers(1, 10**8)).map(lambda pair: (pair[0], pair[0] + Fraction(pair[1], 10**6)))
places = st.one_of(st.integers(0, 999).map(str), st.sampled_from(["0:12.5", "1:02:03", "7.25"]))


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


plans = st.builds(
    PlanSettings,
    length=optional(st.floats(2, 1e6)),
    cut_length=st.floats(0.75, 30),
    segmentation=st.sampled_from(["onsets", "paper"]),
    encoder=texts,
    views=st.sampled_from(["fast", "paper"]),
    decoder=st.sampled_from(get_args(Decoder)),
    style=optional(texts),
    checkpoint=optional(paths),
    seed=st.integers(0, 2**62),
    bans=st.lists(ranges | timecodes, max_size=3).map(tuple),
    spoiler_free=optional(st.floats(0.05, 1)),
    height=optional(st.integers(32, 8640)),
    crop_bars=st.booleans(),
)
sounds = st.builds(
    SoundSettings,
    loudness=optional(st.floats(-40, -5)),
    film_audio=st.sampled_from(get_args(FilmAudio)),
    film_track=optional(texts),
    duck=st.floats(0, 60),
)
narrations = st.builds(
    NarrationSettings,
    track=optional(texts),
    lines=st.sampled_from(["off", "auto"]) | st.integers(0, 999),
    narrator=st.sampled_from(["extractive", "llm", "auto"]),
    captioner=st.sampled_from(["dialogue", "minicpm"]),
    run_over=st.booleans(),
) | st.builds(NarrationSettings, subtitles=optional(paths))
titles = st.builds(
    TitleSettings,
    title=optional(texts),
    end_card=optional(texts),
    cards=st.lists(st.tuples(texts, places), max_size=3).map(tuple),
    card_font=optional(paths),
)
renders = st.sampled_from(
    [
        RenderSettings(),
        RenderSettings(codec="hevc", crf=0, preset="slow", hdr="keep"),
        RenderSettings(codec="prores", prores_profile="lt", stems=True),
    ]
)
trees = st.builds(Settings, plans, sounds, narrations, titles, renders)


def parsed(words: list[str]) -> Settings:
    """The settings that a command line gives."""
    seen: list[Settings] = []
    app = typer.Typer()

    @app.command()
    @spread
    def command(
        *,
        plan: PlanSettings,
        sound: SoundSettings,
        narration: NarrationSettings,
        titles: TitleSettings,
        render: RenderSettings,
    ) -> None:
        seen.append(Settings(plan, sound, narration, titles, render))

    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return seen[0]


@given(trees)
def test_options_read_back_give_the_same_tree(settings: Settings) -> None:
    assert parsed(settings.to_options()) == settings


@given(trees)
def test_a_plans_provenance_gives_the_tree_back_but_for_folders_and_the_rendering(settings: Settings) -> None:
    noted = json.loads(json.dumps(settings.to_provenance()))
    found = Settings.from_provenance({**noted, "style": {"name": settings.plan.style} if settings.plan.style else None})
    checkpoint, subtitles, font = settings.plan.checkpoint, settings.narration.subtitles, settings.titles.card_font
    expected = replace(
        settings,
        plan=replace(settings.plan, checkpoint=checkpoint and Path(checkpoint.name)),
        narration=replace(settings.narration, subtitles=subtitles and Path(subtitles.name)),
        titles=replace(settings.titles, card_font=font and font.resolve()),
        render=RenderSettings(),
    )
    assert found == expected


def test_plans_of_older_versions_are_read() -> None:
    noted = {
        "length": 30,
        "film_audio": "low",
        "style": {"name": "story", "weights": {}},
        "narration": {"lines": 3, "describer": "minicpm", "what": 1},
        "seed": "many",
        "hue": 7,
    }
    found = Settings.from_provenance(noted)
    assert found == Settings.of(length=30, film_audio="low", style="story", narration=3, captioner="minicpm")
    assert Settings.from_provenance({}) == Settings() == Settings.from_provenance({"narration": None})


def test_the_default_needs_no_options() -> None:
    assert Settings().to_options() == []
    assert parsed([]) == Settings()


def test_a_secret_is_never_written() -> None:
    model = LanguageModelSettings(url="http://here", key="sk-1")
    assert to_options(model) == ["--llm-url", "http://here"] and "sk-1" not in repr(model)
    environment = {"TRAILERGEN_LLM_KEY": "sk-2", "TRAILERGEN_LLM_MODEL": "m"}
    assert LanguageModelSettings.from_environment(environment) == LanguageModelSettings(model="m", key="sk-2")


@pytest.mark.parametrize("group", ALL_GROUPS)
def test_every_setting_has_help_and_a_unit_or_choices(group: type[Group]) -> None:
    for setting in settings_of(group):
        words = setting.facts.help.split()
        assert len(words) >= 3 and setting.facts.help.rstrip().endswith("."), setting
        assert setting.is_flag or setting.facts.unit or setting.choices, setting
        assert setting.facts.panel or group.panel
        assert setting.check(setting.default) == setting.default


def test_no_two_settings_have_one_name() -> None:
    names = [
        name
        for group in (*GROUPS.values(), LanguageModelSettings, MachineSettings, BatchSettings)
        for setting in settings_of(group)
        for name in (setting.name, *setting.facts.aliases)
    ]
    assert len(names) == len(set(names))


def test_keywords_of_python_are_the_options_of_a_trailer() -> None:
    options = {setting.keyword for group in GROUPS.values() for setting in settings_of(group)}
    assert TrailerKeywords.__annotations__.keys() == options
    assert RenderKeywords.__annotations__.keys() == {setting.keyword for setting in settings_of(RenderSettings)}


def test_columns_of_a_batch_are_the_options_of_a_trailer() -> None:
    options = {setting.name for group in GROUPS.values() for setting in settings_of(group)}
    assert set(columns()) == options | {"variants"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"lenght": 30}, "did you mean length?"),
        ({"seed": -1}, "--seed -1 is too small"),
        ({"seed": 1.5}, "--seed 1.5 is no whole number"),
        ({"seed": True}, "no whole number"),
        ({"cut_length": float("nan")}, "--cut-length nan is no number"),
        ({"cut_length": "x"}, "write a number from 0.75 to 30"),
        ({"decoder": "magic"}, "write scheduled, paper or greedy"),
        ({"crop_bars": 1}, "neither yes nor no"),
        ({"loudness": "loud"}, "--loudness 'loud' is no number"),
        ({"ban": "30-10"}, "--ban '30-10' does not end after it begins"),
        ({"ban": [(3, 2)]}, "does not end after it begins"),
        ({"card": "A"}, "--card 'A' does not say where"),
        ({"narration": 1000}, "no number of lines"),
        ({"codec": "prores", "crf": 3}, "--crf and --preset are not for prores"),
        ({"subtitles": "a.srt", "subtitle_track": "en"}, "two sources"),
        ({"title": 7}, "--title 7 is no text"),
    ],
)
def test_python_is_held_to_the_same_limits(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        Settings.of(**asked)
    assert said in str(raised.value)


def test_values_take_their_own_type() -> None:
    found = Settings.of(
        length=30, loudness="off", ban=["0:10-0:20", (30, 40.5)], checkpoint="m.safetensors", card=[("A", 3)]
    )
    assert isinstance(found.plan.length, float) and found.sound.loudness is None
    assert found.plan.bans == ((10, 20), (30, Fraction(81, 2)))
    assert found.plan.checkpoint == Path("m.safetensors") and found.titles.cards == (("A", "3"),)
    assert MachineSettings(device="cpu", threads="2") == MachineSettings(device="cpu", threads=2)  # type: ignore[arg-type]


def test_choices_are_those_of_the_code_that_has_them() -> None:
    from trailergen.features.views import Views
    from trailergen.plans import Sound
    from trailergen.ssmp.decoders.registry import DECODERS

    known = {setting.field: setting for group in GROUPS.values() for setting in settings_of(group)}
    assert set(known["decoder"].choices) == set(DECODERS)
    assert set(known["views"].choices) == {str(view) for view in Views}
    assert set(known["film_audio"].choices) == set(get_args(Sound.model_fields["film"].annotation))
    assert set(get_args(CodecName)) == set(CODECS)


def test_settings_load_neither_typer_nor_numpy() -> None:
    code = "import sys, trailergen.settings.tree, trailergen.settings.machine, trailergen.settings.batch\n"
    code += "assert not {'typer', 'numpy', 'torch', 'pydantic'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
