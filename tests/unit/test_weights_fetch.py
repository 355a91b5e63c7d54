from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save
from weights_server import Answer, Server, serving

import trailergen.weights.fetch as fetching
import trailergen.weights.partial as parts
import trailergen.weights.transfer as transfers
from trailergen.errors import UsageError, WeightsError
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.weights import check_content, find_weights, verified
from trailergen.weights.fetch import addresses, fetch
from trailergen.weights.record import read_record

QUIET = Progress(ProgressKind.none)
NAME, FILE = "tower", "tower.safetensors"


def weights_bytes(seed: int = 0, count: int = 50_000) -> bytes:
    return save({"weight": np.random.default_rng(seed).random(count, dtype=np.float32)})


CONTENT, OTHER = weights_bytes(), weights_bytes(1)
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_FIRST_PAUSE_S", 0.001)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path / "weights"))
    (tmp_path / "weights").mkdir()
    return tmp_path / "weights"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(CONTENT) as running:
        yield running


def register(root: Path, *urls: str, known: bool = True, file: str = FILE, more: str = "") -> None:
    """Describe the file the server has; ``known`` says whether its size and SHA-256 are published."""
    facts = f"size = {len(CONTENT)}\nsha256 = '{HASH}'\n" if known else ""
    (root / "index.toml").write_text(
        f"[{NAME}]\nfile = '{file}'\nurls = {list(urls)}\nlicence = 'MIT'\nfeature_space = 'test'\n{facts}{more}"
    )


def bring(mirror: str | None = None, offline: bool = False) -> Path:
    return fetch(find_weights(NAME), QUIET, mirror, offline)


def left(root: Path) -> set[str]:
    """What lies in the folder of the weights; the lock does not count."""
    folder = root / NAME
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"} if folder.is_dir() else set()


WHOLE = {FILE, f"{FILE}.json"}


def ends_right_or_clean(root: Path, right: bool) -> None:
    """Fetch; what lies under the final name afterwards is the file, or nothing."""
    if right:
        assert bring().read_bytes() == CONTENT
        assert left(root) == WHOLE
    else:
        with pytest.raises(WeightsError) as caught:
            bring()
        assert caught.value.exit_code == 4
        assert caught.value.why
        assert caught.value.hint
        assert FILE not in left(root)


@pytest.mark.parametrize("known", [True, False])
def test_fetch_and_be_done(root: Path, server: Server, known: bool) -> None:
    register(root, f"{server.url}/{FILE}", known=known)
    path = bring()
    assert path == root / NAME / FILE
    assert path.read_bytes() == CONTENT
    assert left(root) == WHOLE
    record = read_record(path)
    assert record is not None
    assert record.sha256 == HASH
    assert record.url == f"{server.url}/{FILE}"
    assert bring() == verified(find_weights(NAME)) == path
    assert len(server.seen) == 1


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("answers", "right"),
    [
        pytest.param([Answer(drop_after=70_000), Answer(drop_after=9), Answer(drop_after=0)], True, id="drops"),
        pytest.param([Answer(drop_after=50), Answer(ranges=False)], True, id="200 instead of 206"),
        pytest.param([Answer(drop_after=150_000), Answer(replace=CONTENT)], True, id="another ETag"),
        pytest.param(
            [Answer(drop_after=150_000), Answer(replace=CONTENT, if_range=False)], True, id="another ETag, no If-Range"
        ),
        pytest.param([Answer(drop_after=150_000), Answer(content_range="bytes 0-9/10")], True, id="wrong range"),
        pytest.param([Answer(drop_after=150_000), Answer(content_range="garbage")], True, id="garbled range"),
        pytest.param(
            [Answer(drop_after=150_000), Answer(content_range=f"bytes 150000-{'9' * 5000}/*")], True, id="endless range"
        ),
        pytest.param([Answer(status=503), Answer(status=429, headers={"Retry-After": "0"})], True, id="busy"),
        pytest.param([Answer(length=-1)], True, id="no length"),
        pytest.param([Answer(headers={"ETag": ""})], True, id="no ETag"),
        pytest.param([Answer(headers={"ETag": 'W/"weak"'}, drop_after=100)], True, id="weak ETag"),
        pytest.param([Answer(headers={"Content-Type": "text/plain"})], True, id="called text"),
        pytest.param([Answer(status=301, headers={"Location": "/elsewhere"})], True, id="redirect"),
        pytest.param([Answer(status=404)], False, id="404"),
        pytest.param([Answer(status=403)], False, id="403"),
        pytest.param([Answer(status=500)] * 20, False, id="500 for ever"),
        pytest.param([Answer(drop_after=0)] * 20, False, id="drops for ever"),
        pytest.param([Answer(status=302, headers={"Location": "/again"})] * 20, False, id="redirects for ever"),
        pytest.param([Answer(body=b"<html>Sign in</html>" * 99)], False, id="page"),
        pytest.param([Answer(body=b'{"error": "no"}')], False, id="short JSON"),
        pytest.param([Answer(headers={"Content-Type": "text/html; charset=utf-8"})], False, id="called a page"),
        pytest.param([Answer(body=b"")] * 20, False, id="nothing"),
        pytest.param([Answer(body=bytes(len(CONTENT)))], False, id="zeros"),
        pytest.param([Answer(body=CONTENT[:-4])] * 20, False, id="short file"),
        pytest.param([Answer(body=CONTENT + b"more")] * 20, False, id="long file"),
        pytest.param([Answer(length=len(CONTENT) - 5)] * 20, False, id="length too small"),
        pytest.param([Answer(status=206, body=CONTENT)], False, id="206 unasked"),
        pytest.param([Answer(headers={"Content-Encoding": "gzip"})], False, id="encoded"),
    ],
)
def test_whatever_the_server_does(root: Path, server: Server, known: bool, answers: list[Answer], right: bool) -> None:
    register(root, f"{server.url}/{FILE}", known=known)
    server.answers.extend(answers)
    ends_right_or_clean(root, right)


def test_a_length_too_large_is_found_out(root: Path, server: Server) -> None:
    """The bytes are right: with a range the server admits that there are no more."""
    register(root, f"{server.url}/{FILE}", known=False)
    server.answers.append(Answer(length=len(CONTENT) + 10))
    ends_right_or_clean(root, True)
    register(root, f"{server.url}/{FILE}")
    (root / NAME / FILE).unlink()
    server.answers.append(Answer(length=len(CONTENT) + 10))
    ends_right_or_clean(root, False)


def test_a_change_in_the_middle_gives_the_new_file_whole(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}", known=False)
    server.answers.extend([Answer(drop_after=150_000), Answer(replace=OTHER)])
    assert bring().read_bytes() == OTHER


def test_other_content_than_published_is_refused_and_thrown_away(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}")
    server.content = OTHER
    with pytest.raises(WeightsError, match="cannot fetch") as caught:
        bring()
    assert hashlib.sha256(OTHER).hexdigest() in str(caught.value)
    assert left(root) == set()
    server.content = CONTENT
    assert bring().read_bytes() == CONTENT


def test_a_changed_beginning_is_glued_to_nothing(root: Path, server: Server) -> None:
    """The server hides that it changed; the SHA-256 shows it, and the next request starts again."""
    register(root, f"{server.url}/{FILE}")
    server.content = OTHER
    hidden = Answer(replace=CONTENT, if_range=False, headers={"ETag": ""})
    server.answers.extend([Answer(drop_after=150_000), hidden])
    assert bring().read_bytes() == CONTENT
    assert server.ranges == ["", "bytes=150000-", ""]


def test_the_next_try_continues(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}", known=False)
    server.answers.extend([Answer(drop_after=120_000), *[Answer(status=503)] * 20])
    ends_right_or_clean(root, False)
    assert left(root) == {f"{FILE}.part", f"{FILE}.part.json"}
    server.answers.clear()
    server.seen.clear()
    ends_right_or_clean(root, True)
    assert server.ranges == ["bytes=120000-"]
    assert server.seen[0][1]["if-range"] == '"first"'


@pytest.mark.parametrize("note", [None, "", "{}", "[1]"])
def test_a_part_of_unknown_origin_is_not_used(root: Path, server: Server, note: str | None) -> None:
    register(root, f"{server.url}/{FILE}", known=False)
    (root / NAME).mkdir()
    (root / NAME / f"{FILE}.part").write_bytes(OTHER[:1000])
    if note is not None:
        (root / NAME / f"{FILE}.part.json").write_text(note)
    ends_right_or_clean(root, True)
    assert server.ranges == [""]


def test_a_whole_part_needs_no_server(root: Path, server: Server) -> None:
    """Killed after the last byte and before the file got its name."""
    register(root, f"{server.url}/{FILE}")
    server.answers.extend([Answer(drop_after=len(CONTENT) - 1), *[Answer(status=503)] * 20])
    ends_right_or_clean(root, False)
    with (root / NAME / f"{FILE}.part").open("ab") as part:
        part.write(CONTENT[-1:])
    server.seen.clear()
    ends_right_or_clean(root, True)
    assert server.seen == []


def test_addresses_are_tried_in_order(root: Path, server: Server) -> None:
    """The second one continues what the first one began, since the SHA-256 is known."""
    register(root, f"{server.url}/first", f"{server.url}/second")
    server.answers.append(Answer(drop_after=100_000))
    server.answers.extend([Answer(status=404)])
    ends_right_or_clean(root, True)
    assert [path for path, _ in server.seen] == ["/first", "/first", "/second"]
    assert server.ranges[-1] == "bytes=100000-"
    assert "if-range" not in server.seen[-1][1]


def test_all_addresses_are_in_the_error(root: Path, server: Server) -> None:
    register(root, f"{server.url}/first?token=secret", "http://example.org/x", "ftp://example.org/x")
    server.always = Answer(status=404)
    with pytest.raises(WeightsError) as caught:
        bring()
    why = caught.value.why or ""
    assert "/first: the server answers 404" in why
    assert "secret" not in why
    assert why.count("not https") == 2


@pytest.mark.parametrize("place", ["/copy/hub/model.bin", f"/copy/{NAME}/{FILE}"])
def test_a_mirror_keeps_paths_or_is_a_weights_folder(root: Path, server: Server, place: str) -> None:
    register(root, "https://example.org/hub/model.bin")
    server.always = Answer(status=404)
    server.paths[place] = Answer()
    assert bring(f"{server.url}/copy/").read_bytes() == CONTENT
    assert addresses(find_weights(NAME), "https://m.example") == [
        "https://m.example/hub/model.bin",
        f"https://m.example/{NAME}/{FILE}",
    ]


@pytest.mark.parametrize("mirror", ["there", "file:///tmp", "https://", "https://m.example/?a=b", "http://["])
def test_a_mirror_is_an_address(root: Path, mirror: str) -> None:
    register(root, "https://example.org/hub/model.bin")
    with pytest.raises(UsageError):
        bring(mirror)


def test_plain_http_leads_to_this_machine_only(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}")
    server.answers.append(Answer(status=302, headers={"Location": "http://example.org/weights"}))
    with pytest.raises(WeightsError, match="not https"):
        bring()
    register(root, "https://example.org/x", known=False)
    with pytest.raises(WeightsError, match="not https"):
        bring("http://mirror.example.org")


def test_the_proxy_of_the_environment_is_used(root: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    register(root, "https://example.org/x")
    monkeypatch.setenv("http_proxy", server.url)
    assert bring("http://mirror.example.org").read_bytes() == CONTENT
    assert server.seen[0][0] == "http://mirror.example.org/x"


@pytest.mark.parametrize("proxy", ["nonsense://127.0.0.1", "http://127.0.0.1:1"])
def test_a_useless_proxy_is_a_weights_error(root: Path, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    register(root, "https://example.org/x")
    monkeypatch.setenv("https_proxy", proxy)
    ends_right_or_clean(root, False)


def test_offline_opens_no_connection(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}")
    with pytest.raises(WeightsError, match="not installed"):
        bring(offline=True)
    assert server.seen == []
    path = bring()
    assert bring(offline=True) == path
    path.write_bytes(OTHER)
    with pytest.raises(WeightsError, match="damaged"):
        bring(offline=True)


def test_a_stalled_server_is_given_up(root: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "READ_TIMEOUT_S", 1.0)
    register(root, f"{server.url}/{FILE}")
    server.answers.append(Answer(stall_after=100_000))
    ends_right_or_clean(root, True)
    assert server.ranges == ["", "bytes=100000-"]


def test_damaged_weights_are_fetched_again(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}")
    bring().write_bytes(OTHER)
    assert bring().read_bytes() == CONTENT


def test_a_recorded_hash_holds_ever_after(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}", known=False)
    path = bring()
    path.unlink()
    server.content = OTHER
    with pytest.raises(WeightsError, match="cannot fetch"):
        bring()
    path.write_bytes(OTHER)
    with pytest.raises(WeightsError, match="first recorded"):
        check_content(find_weights(NAME))


def test_a_disk_too_small_is_found_before(root: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    register(root, f"{server.url}/{FILE}", known=False)
    monkeypatch.setattr(parts, "_SPARE_BYTES", 1 << 60)
    with pytest.raises(WeightsError, match="cannot write") as caught:
        bring()
    assert "MB are free" in str(caught.value)
    assert FILE not in left(root)


@pytest.mark.skipif(shutil.which("mount") is None, reason="mounts a tmpfs")
def test_a_disk_that_fills_keeps_what_came(
    root: Path, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "none", small], stderr=subprocess.PIPE).returncode:
        pytest.skip("mounting is not permitted")
    try:
        monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(small))
        register(small, f"{server.url}/{FILE}")
        monkeypatch.setattr(parts, "_SPARE_BYTES", -(1 << 30))
        with pytest.raises(WeightsError, match="cannot write") as caught:
            bring()
        assert "No space left" in str(caught.value)
        had = (small / NAME / f"{FILE}.part").stat().st_size
        assert 0 < had < len(CONTENT)
        assert FILE not in left(small)
        subprocess.run(["mount", "-o", "remount,size=4m", small], check=True)
        assert bring().read_bytes() == CONTENT
        assert server.ranges == ["", f"bytes={had}-"]
    finally:
        subprocess.run(["umount", small], check=True)


def test_two_at_once_download_once(root: Path, server: Server) -> None:
    register(root, f"{server.url}/{FILE}")
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(bring().read_bytes())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [CONTENT, CONTENT]
    assert len(server.seen) == 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drops=st.lists(st.integers(0, len(CONTENT)), max_size=12),
    honest=st.booleans(),
    known=st.booleans(),
)
def test_wherever_the_line_drops(root: Path, server: Server, drops: list[int], honest: bool, known: bool) -> None:
    """Dropped anywhere any number of times, in one run or several, the file ends right; nothing else has its name."""
    register(root, f"{server.url}/{FILE}", known=known)
    for path in (root / NAME).glob("*"):
        path.unlink()
    server.answers.clear()
    server.answers.extend(Answer(drop_after=drop, ranges=honest) for drop in drops)
    for _ in range(len(drops) + 1):
        try:
            path = bring()
            break
        except WeightsError:
            assert FILE not in left(root)
    assert path.read_bytes() == CONTENT
    assert left(root) == WHOLE
