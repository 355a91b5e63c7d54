from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llm_server import LlmServer, Reply, language_model

from trailergen import __main__
from trailergen.dialogue.narrators import endpoint as endpoints
from trailergen.dialogue.narrators import llm
from trailergen.dialogue.narrators.answers import BadAnswer, numbers_in
from trailergen.dialogue.narrators.endpoint import DEFAULT_MODEL, DEFAULT_URL, Endpoint, find_endpoint
from trailergen.dialogue.narrators.llm import LlmNarrator
from trailergen.dialogue.sentences import Utterance
from trailergen.errors import EndpointError, UsageError
from trailergen.settings.language_model import LanguageModelSettings

KEY = "sk-a/very+secret_key.0123456789abcdef"
PASSWORD = "of-the-address"


def lines_of(count: int, text: str = "This is what is said at {}.") -> list[Utterance]:
    return [Utterance((n,), Fraction(3 * n), Fraction(3 * n + 2), text.format(n)) for n in range(count)]


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with language_model() as found:
        yield found


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were waited before asking again; nobody really waits."""
    found: list[float] = []
    monkeypatch.setattr(llm.time, "sleep", found.append)
    return found


def narrator(server: LlmServer, key: str = KEY, timeout: float = 10) -> LlmNarrator:
    return LlmNarrator(Endpoint(server.url, "some-model", key, timeout))


def fail(server: LlmServer, *replies: Reply, timeout: float = 10) -> EndpointError:
    """The error, after it was seen not to hold the key anywhere that is printed."""
    server.replies.extend(replies)
    with pytest.raises(EndpointError) as caught:
        narrator(server, timeout=timeout).choose(lines_of(9), 3)
    printed = "".join(traceback.format_exception(caught.value)) + str(caught.value) + repr(caught.value)
    for part in (KEY, KEY[:12], KEY[-12:]):
        assert part not in printed
    assert caught.value.exit_code == 3
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("[4, 0, 7]", [4, 0, 7]),
        ("Of course! Here are the lines:\n\n[4, 0, 7]\n\nThey are the strongest [most of all the first].", [4, 0, 7]),
        ("```json\n[4,\n 0,\n 7]\n```", [4, 0, 7]),
        ('{"lines": [4, 0, 7]}', [4, 0, 7]),
        ('[{"number": 4, "why": "short"}, {"number": 0}, {"id": "7"}]', [4, 0, 7]),
        ('["4", "#0", "7 [0:00:21] This is what is said"]', [4, 0, 7]),
        ("[4, 4, 0, 4, 7, 0]", [4, 0, 7]),
        ("[99, 4, -1, 0, 12345678901234567890, null, true, 7, 2.5, NaN, Infinity]", [4, 0, 7]),
        ("[4, 0, 7, 1, 2, 3]", [4, 0, 7]),
        ("[4.0, 0, 7]", [4, 0, 7]),
        ("<think>Maybe [1, 2, 3]? No.</think>[4, 0, 7]", [4, 0, 7]),
        (f"<think>{'Hm, [1, 2, 3]. ' * 5000}</think>[4, 0, 7]", [4, 0, 7]),
        ("Line [1] is dull, and so is [2].\n[4, 0, 7]", [4, 0, 7]),
        ("[]\n[4, 0, 7]", [4, 0, 7]),
        ("[4, 0, 7, 8", [4, 0, 7]),
        ('[{"number": 4, "why": "short"}, {"number": 0, "why": "it', [4, 0]),
    ],
)
def test_numbers_are_found_in_what_it_says(server: LlmServer, said: str, chosen: list[int]) -> None:
    server.replies.append(Reply(said))
    assert narrator(server).choose(lines_of(9), 3) == chosen
    assert len(server.seen) == 1


def test_what_is_sent(server: LlmServer) -> None:
    lines = lines_of(9)
    asker = narrator(server)
    assert asker.name == "llm some-model at 127.0.0.1"
    asker.choose(lines, 3)
    path, headers, request = server.seen[0]
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert set(request) == {"model", "messages", "temperature"}
    assert (request["model"], request["temperature"]) == ("some-model", 0)
    assert server.asked(0).startswith("Choose 3 of these lines.\n0 [0:00:00] This is what is said at 0.\n1 [0:00:03]")


def test_nothing_is_sent_for_nothing(server: LlmServer) -> None:
    assert narrator(server).choose([], 3) == narrator(server).choose(lines_of(3), 0) == []
    assert not server.seen


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (Reply("I would take the last one."), "there is no list"),
        (Reply("[]"), "its list is empty"),
        (Reply("[77, 78]"), "none of its numbers"),
        (Reply(""), "says nothing"),
        (Reply(None), "says nothing"),
        (Reply(None, message={"refusal": f"I cannot do that, {KEY}"}), "refuses: I cannot do that"),
        (Reply("[1, 2]", finish="content_filter"), "refuses: filtered"),
        (Reply(f"{'x' * 100} {KEY}"), "there is no list"),
    ],
)
def test_a_useless_answer_is_asked_for_once_more(server: LlmServer, bad: Reply, why: str) -> None:
    server.replies.extend([bad, Reply("[2, 1]")])
    assert narrator(server).choose(lines_of(9), 3) == [2, 1]
    assert "JSON list of numbers" in server.asked(1) and server.asked(1).startswith(server.asked(0))
    error = fail(server, bad, bad)
    assert why in str(error) and "names no lines" in error.what
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    ("status", "said"),
    [(400, "bad request"), (401, "invalid key {key}"), (403, "not yours"), (404, "no model some-model"), (418, "tea")],
)
def test_what_will_not_pass_is_not_asked_again(server: LlmServer, status: int, said: str) -> None:
    body = json.dumps({"error": {"message": said.format(key=KEY), "code": 1}}).encode()
    error = fail(server, Reply(status=status, body=body))
    assert f"HTTP {status}" in str(error) and said.format(key="***") in str(error)
    assert "some-model at 127.0.0.1" in error.what and "--llm-url" in str(error.hint)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("status", "headers", "waited"),
    [
        (429, {"Retry-After": "7"}, 7),
        (429, {}, 1),
        (429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 1),
        (429, {"Retry-After": "-3"}, 0),
        (500, {}, 1),
        (503, {"Retry-After": "2.5"}, 2.5),
    ],
)
def test_what_may_pass_is_waited_for(
    server: LlmServer, waits: list[float], status: int, headers: dict[str, str], waited: float
) -> None:
    busy = Reply(status=status, headers=headers, body=b"busy, " + KEY.encode())
    server.replies.extend([busy, Reply("[2]")])
    assert narrator(server).choose(lines_of(9), 3) == [2]
    assert waits == [waited]
    assert f"HTTP {status}" in str(fail(server, busy, busy))
    assert len(server.seen) == 4


@pytest.mark.parametrize("wait", ["3600", "inf"])
def test_hours_are_not_waited(server: LlmServer, waits: list[float], wait: str) -> None:
    fail(server, Reply(status=429, headers={"Retry-After": wait}, body=b"{}"))
    assert waits == [] and len(server.seen) == 1


def test_a_model_of_fixed_temperature_is_asked_without_one(server: LlmServer) -> None:
    body = b'{"error": {"message": "Unsupported value: \'temperature\' does not support 0 with this model."}}'
    server.replies.extend([Reply(status=400, body=body), Reply("[2]"), Reply("[1]")])
    asker = narrator(server)
    assert asker.choose(lines_of(9), 3) == [2]
    assert asker.choose(lines_of(9), 3) == [1]
    assert ["temperature" in request for _, _, request in server.seen] == [True, False, False]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>It works!</body></html>",
        b"",
        b"{}",
        b"[1, 2, 3]",
        b'"hello"',
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": "[1',
        b"\xff\xfe\0",
        b"[" * 100_000,
        b'{"headers": {"Host": "127.0.0.1", "Accept": "application/json", "Auth": "' + KEY.encode() + b'"}}',
    ],
)
def test_what_is_no_such_server_is_told_from_one(server: LlmServer, body: bytes) -> None:
    error = fail(server, Reply(body=body, headers={"Content-Type": "text/html"}))
    assert "no answer of a chat" in str(error) and "/v1" in str(error.hint)
    assert len(server.seen) == 1


@pytest.mark.parametrize("slow", ["silent", "drip"])
def test_a_slow_server_is_not_waited_for(server: LlmServer, slow: str) -> None:
    error = fail(server, Reply("[1, 2, 3]", slow=slow), timeout=0.4)
    assert "no whole answer in 0.4 s" in str(error)


def test_an_endless_answer_is_cut_off(server: LlmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "_MOST_BYTES", 50_000)
    assert "does not end" in str(fail(server, Reply("x" * 300_000)))


def test_a_closed_connection_is_an_error(server: LlmServer) -> None:
    fail(server, Reply("[1, 2, 3]", drop_after=20))


def test_where_nobody_listens_there_is_an_error() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://user:{PASSWORD}@127.0.0.1:{reserved.getsockname()[1]}/v1"
        with pytest.raises(EndpointError, match="cannot be reached") as caught:
            LlmNarrator(Endpoint(url, "m", KEY, 2)).choose(lines_of(3), 1)
    printed = "".join(traceback.format_exception(caught.value))
    assert KEY not in printed and PASSWORD not in printed


def test_a_proxy_is_not_asked_for_this_machine(server: LlmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert narrator(server).choose(lines_of(9), 3) == [0]


def test_a_long_film_is_asked_for_in_parts(server: LlmServer) -> None:
    """Every line is sent once, no request is longer than the context, and the winners are asked for again."""
    lines = lines_of(2500, "What is said at {} is neither short nor is it of any great importance to anybody.")

    def best(asked: str) -> Reply:
        numbers = [int(number) for number in re.findall(r"^(\d+) \[", asked, re.MULTILINE)]
        count = int(asked.split()[1])
        return Reply(str([number for number in numbers if number % 100 == 7][:count]))

    server.always = best
    chosen = narrator(server).choose(lines, 10)
    assert len(chosen) == 10 and all(number % 100 == 7 for number in chosen)
    assert len(server.seen) > 4
    asked = [server.asked(request) for request in range(len(server.seen))]
    assert max(map(len, asked)) <= llm.CHUNK + 200
    sizes = [len(text) for text in asked[:-1]]
    assert min(sizes) > 0.8 * max(sizes)
    sent = [int(number) for text in asked[:-1] for number in re.findall(r"^(\d+) \[", text, re.MULTILINE)]
    assert sent == list(range(2500))
    # From all over the film, not from its first part.
    again = [int(number) for number in re.findall(r"^(\d+) \[", asked[-1], re.MULTILINE)]
    assert again[0] < 500 and again[-1] > 2000


def test_more_lines_than_one_request_holds(server: LlmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the winners are no fewer, each part's best are taken in turn."""
    monkeypatch.setattr(llm, "CHUNK", 800)
    server.always = lambda asked: Reply(str([int(n) for n in re.findall(r"^(\d+) \[", asked, re.MULTILINE)]))
    chosen = narrator(server).choose(lines_of(100), 100)
    assert sorted(chosen) == list(range(100))
    assert chosen[:2] != [0, 1]


def test_a_very_long_line_is_shortened(server: LlmServer) -> None:
    narrator(server).choose(lines_of(2, "Ha, {}! " + "ha " * 5000), 1)
    assert len(server.asked(0)) < 1000


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["[", "]", "{", "}", "1", ",", '"', "<think>", "-", " "])).map("".join)
)
def test_any_answer_is_known_numbers_or_none(text: str) -> None:
    known = {0, 1, 11}
    try:
        found = numbers_in(text, known)
    except BadAnswer:
        return
    assert found and set(found) <= known and len(set(found)) == len(found)


@pytest.mark.parametrize("junk", ["<think>", "[", "[1,", '[{"a":', "]["])
def test_megabytes_of_answer_do_not_hang(junk: str) -> None:
    started = time.process_time()
    with suppress(BadAnswer):
        numbers_in(junk * (3_000_000 // len(junk)), {5})
    assert time.process_time() - started < 10  # seconds; the square of the length would be hours


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        ((None, None, None), {}, None),
        ((None, None, "k"), {}, (DEFAULT_URL, DEFAULT_MODEL, "k")),
        ((None, None, " k\n"), {"OPENAI_API_KEY": "o"}, (DEFAULT_URL, DEFAULT_MODEL, "k")),
        (("http://localhost:1/v1", "m", None), {}, ("http://localhost:1/v1", "m", "")),
        ((None, "m", None), {"OPENAI_API_KEY": "o"}, ("https://api.openai.com/v1", "m", "o")),
        ((None, "m", None), {"OPENAI_API_KEY": "o", "OPENAI_BASE_URL": "http://a"}, ("http://a", "m", "o")),
        (("http://b", "m", None), {"OPENAI_API_KEY": "o"}, ("http://b", "m", "o")),
        ((None, None, None), {"OPENAI_API_KEY": " "}, None),
    ],
)
def test_whose_key_goes_where(
    given: tuple[str | None, ...], environment: dict[str, str], expected: tuple[str, ...] | None
) -> None:
    found = find_endpoint(*given, environment)
    assert (found and (found.url, found.model, found.key)) == expected


def test_openais_key_needs_a_model() -> None:
    with pytest.raises(UsageError, match="no model is named"):
        find_endpoint(None, None, None, {"OPENAI_API_KEY": "o"})


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        (Endpoint(), "needs a key for api.deepseek.com"),
        (Endpoint(), "TRAILERGEN_LLM_KEY"),
        (Endpoint("ftp://a", key=KEY), "no address"),
        (Endpoint("api.deepseek.com", key=KEY), "no address"),
        (Endpoint("http://[::1", key=KEY), "no address"),
        (Endpoint("http://a:99999", key=KEY), "no address"),
        (Endpoint("http://", key=KEY), "no address"),
        (Endpoint(model=" ", key=KEY), "names no model"),
        (Endpoint(key=f"{KEY}\nx"), "characters that no key has"),
        (Endpoint(key=f"{KEY}é"), "characters that no key has"),
        (Endpoint(key=f"{KEY} x"), "characters that no key has"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(endpoint: Endpoint, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        LlmNarrator(endpoint)
    assert KEY not in "".join(traceback.format_exception(caught.value)) and caught.value.exit_code == 2


def test_this_machine_needs_no_key(server: LlmServer) -> None:
    assert narrator(server, key="").choose(lines_of(9), 3) == [0]
    assert all(
        Endpoint(f"http://{host}/v1").is_local for host in ("localhost", "127.0.0.1:8080", "[::1]:1", "127.9.9.9")
    )
    assert not any(Endpoint(f"http://{host}/v1").is_local for host in ("localhost.example.com", "10.0.0.1", "0x7f.1"))


def test_offline_allows_this_machine_only(server: LlmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "network_forbidden", lambda: True)
    assert narrator(server).choose(lines_of(9), 3) == [0]
    with pytest.raises(UsageError, match=r"--offline forbids asking the language model at api\.example\.com"):
        LlmNarrator(Endpoint(f"https://user:{PASSWORD}@api.example.com/v1", "m", KEY))


def test_offline_really_allows_this_machine_only(server: LlmServer) -> None:
    """In a process of its own: the hook cannot be taken off again."""
    server.always = lambda asked: Reply("[1]")
    code = (
        "from fractions import Fraction as F; from trailergen.runtime.offline import forbid_network; forbid_network()\n"
        "from trailergen.dialogue.narrators.endpoint import Endpoint\n"
        "from trailergen.dialogue.narrators.llm import LlmNarrator\n"
        "from trailergen.dialogue.sentences import Utterance\n"
        f"asker = LlmNarrator(Endpoint({server.url!r}, 'm', 'k', 10))\n"
        "print(asker.choose([Utterance((n,), F(n), F(n + 1), 'Hi.') for n in range(3)], 1))\n"
        "import socket\n"
        "try: socket.create_connection(('192.0.2.1', 80), 1)\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    path = os.pathsep.join([str(Path(llm.__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.stdout.split() == ["[1]", "UsageError"], done.stderr


def test_the_client_is_imported_when_it_is_asked(server: LlmServer) -> None:
    """It takes a second and more."""
    modules = "sys, trailergen.edit.plan, trailergen.cli, trailergen.dialogue.narrators.llm"
    code = f"import {modules}; print('openai' in sys.modules)"
    path = os.pathsep.join([str(Path(llm.__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path}
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env).stdout == "False\n"


def test_a_missing_client_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(UsageError, match=r"trailergen\[llm\]"):
        LlmNarrator(Endpoint(key=KEY))


def test_the_key_is_in_no_repr() -> None:
    assert KEY not in repr(Endpoint(key=KEY)) + repr(LanguageModelSettings(key=KEY))


@pytest.mark.parametrize("by", ["option", "environment"])
@pytest.mark.parametrize(
    "reply", [Reply(status=401, body=KEY.encode()), Reply("no"), Reply(body=b"<html>"), Reply("[1]", drop_after=3)]
)
def test_debug_does_not_tell_the_key(
    server: LlmServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    reply: Reply,
    by: str,
) -> None:
    def make_plan(session: Any, film: Path, music: Path, settings: Any, endpoint: Endpoint, find: Any) -> None:
        LlmNarrator(endpoint).choose(lines_of(3), 2)

    monkeypatch.setattr("trailergen.edit.plan.make_plan", make_plan)
    monkeypatch.setenv("TRAILERGEN_DEBUG", "")
    for name in ("film.mp4", "track.wav"):
        (tmp_path / name).write_bytes(b"x")
    wishes = ["--narrator", "llm", "--llm-url", server.url, "--cache-dir", str(tmp_path / "cache")]
    if by == "option":
        wishes += ["--llm-key", KEY]
    else:
        monkeypatch.setenv("TRAILERGEN_LLM_KEY", KEY)
    server.always = lambda _: reply
    inputs = [str(tmp_path / "film.mp4"), "--music", str(tmp_path / "track.wav"), "-o", str(tmp_path / "a.json")]
    code = __main__.main(["--debug", "plan", *inputs, *wishes])
    printed = "".join(capfd.readouterr())
    assert code == 3, printed
    assert "Traceback" in printed
    assert KEY not in printed
    assert server.seen[0][1]["authorization"] == f"Bearer {KEY}"


def test_help_does_not_tell_the_key(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TRAILERGEN_LLM_KEY", KEY)
    assert __main__.main(["plan", "--help"]) == 0
    printed = "".join(capfd.readouterr())
    assert "--llm-key" in printed and KEY not in printed


def test_no_log_tells_the_key(server: LlmServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    fail(server, Reply(status=401, body=b"{}"))
    assert KEY not in caplog.text
