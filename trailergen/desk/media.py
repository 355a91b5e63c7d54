"""The plan's media by id: proxies, pictures, sounds and cards. Nothing else of this machine can be asked for.

A film and a piece of music are called by the first letters of their SHA-256, and parts of them by frames; what is of
another plan, or lies outside the film, is not there.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from trailergen.plans import Plan
from trailergen.rendering.design import draw_plan_card
from trailergen.report.peaks import music_peaks
from trailergen.report.stills import decode_stills, reel
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session

if TYPE_CHECKING:
    from trailergen.desk.desk import Desk

PATIENCE_S = 60.0
"""Seconds that a proxy may take."""
STILL_WIDTHS = (160, 320, 640)
_LONGEST_S = 60
_BINS = 1200
_KEEP = {"Cache-Control": "private, max-age=86400, immutable"}


class Media:
    """The routes of a desk's media."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._quiet = Session(desk.cache, Progress(ProgressKind.none))

    def routes(self) -> list[Route]:
        """All of them, below ``/media``."""
        return [
            Route("/media/{film}/part/{start:int}-{end:int}", self.part),
            Route("/media/{film}/still/{frame:int}-{width:int}", self.still),
            Route("/media/{film}/sound/{start:int}-{end:int}", self.sound),
            Route("/media/{film}/lines/{revision:int}", self.lines),
            Route("/media/{film}/card/{revision:int}-{number:int}", self.card),
            Route("/media/{music}/music/{revision:int}", self.music),
            Route("/media/{music}/peaks/{revision:int}", self.peaks),
        ]

    async def part(self, request: Request) -> Response:
        """The proxy of a part of the film, as soon as it is made."""
        self._require_film(request)
        part = (request.path_params["start"], request.path_params["end"])
        if not self._desk.parts.has(*part):
            raise HTTPException(404)
        path = await run_in_threadpool(self._desk.proxies.wait, part, PATIENCE_S)
        if path is None:
            raise HTTPException(503, "this part of the film cannot be shown")
        return FileResponse(path, media_type="video/h264", headers=_KEEP)

    async def still(self, request: Request) -> Response:
        """One picture of the film as JPEG."""
        plan = self._require_film(request)
        frame, width = request.path_params["frame"], request.path_params["width"]
        if frame >= plan.film.frames or width not in STILL_WIDTHS:
            raise HTTPException(404)
        film = reel(plan, self._desk.info.path)
        found = await run_in_threadpool(decode_stills, self._quiet, film, [(frame, width)], "pictures")
        if not found:
            raise HTTPException(404)
        return Response(found[frame, width], media_type="image/jpeg", headers=_KEEP)

    async def sound(self, request: Request) -> Response:
        """What a clip sounds like, as WAV."""
        plan = self._require_film(request)
        start, end = request.path_params["start"], request.path_params["end"]
        if not start < end <= plan.film.frames or (end - start) / plan.film.rate > _LONGEST_S:
            raise HTTPException(404)
        return await _wav(lambda: self._desk.sounds.clip(plan, start, end))

    async def lines(self, request: Request) -> Response:
        """Everything that is said in a revision, as WAV."""
        self._require_film(request)
        plan = self._plan(request)
        return await _wav(lambda: self._desk.sounds.lines(plan))

    async def music(self, request: Request) -> Response:
        """The music under a revision, as WAV."""
        plan = self._require_music(request)
        return await _wav(lambda: self._desk.sounds.music(plan))

    async def peaks(self, request: Request) -> Response:
        """The outline of the music under a revision: of equal parts the peak and the effective value, 0 to 1."""
        plan = self._require_music(request)
        path, part = self._desk.music_of(plan), plan.music.part
        found = await run_in_threadpool(music_peaks, path, plan.music.sample_rate, part.start, part.end, _BINS)
        return JSONResponse([[round(float(value), 3) for value in row] for row in found], headers=_KEEP)

    async def card(self, request: Request) -> Response:
        """A card of a revision as it is rendered, as PNG."""
        self._require_film(request)
        plan, number = self._plan(request), request.path_params["number"]
        if number >= len(plan.cards):
            raise HTTPException(404)
        card, sequence = plan.cards[number], plan.sequence
        picture = await run_in_threadpool(draw_plan_card, card, sequence.width, sequence.height)
        whole = io.BytesIO()
        Image.fromarray(picture).save(whole, "PNG")
        return Response(whole.getvalue(), media_type="image/png", headers=_KEEP)

    def _plan(self, request: Request) -> Plan:
        try:
            return self._desk.history.plan_of(request.path_params["revision"])
        except KeyError as error:
            raise HTTPException(404) from error

    def _require_film(self, request: Request) -> Plan:
        plan = self._desk.plan
        if request.path_params["film"] != plan.film.sha256[:12]:
            raise HTTPException(404)
        return plan

    def _require_music(self, request: Request) -> Plan:
        plan = self._plan(request)
        if request.path_params["music"] != plan.music.sha256[:12]:
            raise HTTPException(404)
        return plan


async def _wav(make: Callable[[], bytes | None]) -> Response:
    whole = await run_in_threadpool(make)
    if whole is None:
        raise HTTPException(404)
    return Response(whole, media_type="audio/wav", headers=_KEEP)
