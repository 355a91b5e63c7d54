"""The desk's server: the page, the state of the plan as JSON, and requests that change it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from trailergen.desk.desk import Desk, StaleError
from trailergen.desk.guard import Guard
from trailergen.desk.media import Media
from trailergen.desk.wishes import Asked, Finish, Step, Wishes
from trailergen.errors import TrailergenError, explain
from trailergen.report.page import palette
from trailergen.report.readings import remarkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

Model = TypeVar("Model", bound=BaseModel)
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def desk_app(desk: Desk, secret: str, hosts: Iterable[str]) -> Guard:
    """The application (ASGI) of a desk, behind its guard."""
    pages = Pages(desk)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        import asyncio

        desk.events.bind(asyncio.get_running_loop())
        yield
        desk.events.end()

    routes, handlers = [*pages.routes(), *Media(desk).routes()], {TrailergenError: pages.failed}
    return Guard(Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), secret, hosts)


class Pages:
    """The routes of a desk beside its media."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # Only what the package has is there: a name is looked up, never joined to a path.
        self._files = {
            file.name: file.read_bytes()
            for file in resources.files("trailergen.desk").joinpath("page").iterdir()
            if "." + file.name.rpartition(".")[2] in _KINDS
        } | {"palette.css": palette().encode()}

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/", self.page),
            Route("/static/{name}", self.static),
            Route("/api/film", self.film),
            Route("/api/state", self.state),
            Route("/api/history", self.history),
            Route("/api/revision/{number:int}", self.revision),
            Route("/api/shot/{number:int}", self.shot),
            Route("/api/events", self.events),
            Route("/api/change", self.change, methods=["POST"]),
            Route("/api/step", self.step, methods=["POST"]),
            Route("/api/finish", self.finish, methods=["POST"]),
            Route("/api/stop", self.stop, methods=["POST"]),
        ]

    async def page(self, _: Request) -> Response:
        """The page itself."""
        return Response(self._files["index.html"], media_type="text/html; charset=utf-8")

    async def static(self, request: Request) -> Response:
        """A style or a script of the page."""
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        kind = _KINDS["." + name.rpartition(".")[2]]
        return Response(self._files[name], media_type=f"{kind}; charset=utf-8", headers={"Cache-Control": "no-cache"})

    async def film(self, _: Request) -> Response:
        """The film, its shots and its words."""
        return await self._told(self._desk.film)

    async def state(self, _: Request) -> Response:
        """The state that counts."""
        return await self._told(self._desk.state)

    async def history(self, _: Request) -> Response:
        """All revisions, without their plans."""
        return JSONResponse(
            [
                {"revision": one.number, "parent": one.parent, "asked": one.asked, "told": one.told}
                for one in self._desk.history.revisions
            ]
        )

    async def revision(self, request: Request) -> Response:
        """Another revision."""
        try:
            return await self._told(lambda: self._desk.other(request.path_params["number"]))
        except KeyError as error:
            raise HTTPException(404) from error

    async def shot(self, request: Request) -> Response:
        """What sets a shot apart from the others."""
        shots, number = self._desk.plan.shots, request.path_params["number"]
        if number >= len(shots):
            raise HTTPException(404)
        return JSONResponse(await run_in_threadpool(remarkable, shots, number))

    async def events(self, _: Request) -> Response:
        """What happens, as it happens."""
        return StreamingResponse(self._desk.events.listen(), media_type="text/event-stream")

    async def change(self, request: Request) -> Response:
        """Change the plan; answers with the state after it."""
        wishes = await _read(request, Wishes)
        return await self._told(lambda: self._desk.change(wishes))

    async def step(self, request: Request) -> Response:
        """Undo, redo, or go to another revision; answers with that state."""
        step = await _read(request, Step)
        return await self._told(lambda: self._desk.step(step))

    async def finish(self, request: Request) -> Response:
        """Begin to make a file of the state."""
        finish = await _read(request, Finish)

        def begin() -> dict[str, Any]:
            if finish.base != self._desk.history.at:
                raise StaleError
            self._desk.jobs.start(self._desk.plan, finish)
            return self._desk.jobs.facts

        return await self._told(begin)

    async def stop(self, request: Request) -> Response:
        """Stop what is being made."""
        await _read(request, Asked)
        self._desk.jobs.stop()
        return JSONResponse(self._desk.jobs.facts)

    async def failed(self, _: Request, error: Exception) -> Response:
        """Say why something of the plan's media is not there (Starlette's handler of exceptions)."""
        return JSONResponse(self._reason(error), 503)

    async def _told(self, work: Callable[[], dict[str, Any]]) -> Response:
        """An answer that takes a while, or the reason why there is none."""
        try:
            return JSONResponse(await run_in_threadpool(work))
        except StaleError:
            return JSONResponse({"error": "another page has changed the plan meanwhile", "stale": True}, 409)
        except KeyError:
            raise
        except Exception as error:
            return JSONResponse(self._reason(error), 422 if isinstance(error, TrailergenError) else 500)

    def _reason(self, error: Exception) -> dict[str, str | None]:
        """What the page gets to know of an error: files by their names."""
        names = self._desk.names
        if not isinstance(error, TrailergenError):
            return {"error": names(explain(error)[1].removeprefix("error: "))}
        told = {"error": error.what, "why": error.why, "hint": error.hint}
        return {key: text and names(text) for key, text in told.items()}


async def _read(request: Request, kind: type[Model]) -> Model:
    """The body of a request, typed."""
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5])
        raise HTTPException(400, told) from error
