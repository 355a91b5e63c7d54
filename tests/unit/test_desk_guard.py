"""Who the desk answers: the secret, Host and Origin, and what its answers let a browser do."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from trailergen.desk.guard import LARGEST_BODY, Guard, new_secret

SECRET = "a-secret"
HOST = "127.0.0.1:8123"
OWN = {"Origin": f"http://{HOST}", "Content-Type": "application/json"}


async def answer(request: Request) -> Response:
    await request.body()
    return JSONResponse({"path": request.url.path})


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST"])])
    return TestClient(Guard(app, SECRET, [HOST]), base_url=f"http://{HOST}")


def test_with_the_secret_the_page_is_there(client: TestClient) -> None:
    assert client.get(f"/{SECRET}/").status_code == 200
    assert client.get(f"/{SECRET}/api/state").json() == {"path": "/api/state"}
    assert client.post(f"/{SECRET}/api/change", content="{}", headers=OWN).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/api/state", f"/{SECRET}", f"/{SECRET}x/", f"/{SECRET[:-1]}/", f"/{SECRET.upper()}/", f"//{SECRET}/"]
)
def test_without_the_secret_nothing_is(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8123", "127.0.0.1", "127.0.0.1:80", "localhost:8123", ""]
)
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get(f"/{SECRET}/", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8123", "http://127.0.0.1:8124"])
def test_a_foreign_origin_is_refused(client: TestClient, origin: str) -> None:
    assert client.get(f"/{SECRET}/api/state", headers={"Origin": origin}).status_code == 404
    headers = {**OWN, "Origin": origin}
    assert client.post(f"/{SECRET}/api/change", content="{}", headers=headers).status_code == 404


def test_a_request_that_another_page_could_send_changes_nothing(client: TestClient) -> None:
    without_origin = {"Content-Type": "application/json"}
    assert client.post(f"/{SECRET}/api/change", content="{}", headers=without_origin).status_code == 404
    as_form = {**OWN, "Content-Type": "text/plain"}
    assert client.post(f"/{SECRET}/api/change", content="{}", headers=as_form).status_code == 404
    assert client.get(f"/{SECRET}/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 404
    assert client.request("PUT", f"/{SECRET}/", headers={"Content-Type": "application/json"}).status_code == 404


def test_a_huge_request_is_not_read(client: TestClient) -> None:
    assert client.post(f"/{SECRET}/x", content=b" " * (LARGEST_BODY + 1), headers=OWN).status_code == 404
    assert client.post(f"/{SECRET}/x", content=(b" " for _ in range(3)), headers=OWN).status_code == 404


@pytest.mark.parametrize("path", ["/", f"/{SECRET}/", f"/{SECRET}/api/state"])
def test_every_answer_says_what_a_browser_may_do(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_no_two_desks_have_one_secret() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert all(len(new_secret()) >= 43 for _ in range(10))
