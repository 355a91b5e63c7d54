"""The desk without its server: one plan, its history, its media, and the thread in which it is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from trailergen.api.outputs import make_folder, plan_stem
from trailergen.api.revise import revise
from trailergen.desk.beside import cues_of, folders_of
from trailergen.desk.editor import Editor
from trailergen.desk.events import Events
from trailergen.desk.files import Files, name_of
from trailergen.desk.history import History
from trailergen.desk.jobs import Jobs
from trailergen.desk.names import Names
from trailergen.desk.parts import Parts, shown
from trailergen.desk.proxies import CLIPS, LATER, Proxies
from trailergen.desk.shown import rules, shown_film, shown_plan
from trailergen.desk.sounds import Sounds
from trailergen.desk.warming import steps
from trailergen.desk.wishes import Step, Wishes
from trailergen.edit.reopen import Reopened, reopen
from trailergen.edit.revise.changes import changes
from trailergen.edit.scenes import scene_numbers
from trailergen.errors import TrailergenError, UsageError
from trailergen.plans import Plan, read_plan
from trailergen.runtime.cache import StageCache
from trailergen.runtime.lock import alone
from trailergen.runtime.memory import Memory
from trailergen.session import Session, locate

Plain = dict[str, Any]
Result = TypeVar("Result")
_REMEMBERED = 32
"""Results that are kept of what is known of the film, and of the last states."""


class StaleError(Exception):
    """The page that asks shows another state than the one that counts."""


class Desk:
    """A plan on the desk. Use ``open_desk``.

    Edits are made one after another in one thread; what is read is the state after the last of them.
    """

    def __init__(self, path: Path, known: Reopened, session: Session, checkpoint: Path | None) -> None:
        plan, film = known.plan, known.film.info.path
        self.path, self.events = path, Events()
        self.files = Files.beside(path, plan)
        folders = folders_of(path, plan, known, session, checkpoint)
        self.names = Names({folder_of(path), *folders, *self.files.folders})
        self._film, self._checkpoint = film, checkpoint
        self._notes: list[str] = []
        self._session = _like(session, memory=session.memory, on_note=self._notes.append)
        self.history = History(folder_of(path), plan)
        self.info = info = known.film.info
        self.parts = Parts(plan)
        self.proxies = Proxies(self._session.cache, info, self.history.plan, self._made)
        self.sounds = Sounds(info, session.cache)
        self.jobs = Jobs(path, lambda **facts: self.events.publish("job", **facts), self._job_session, self.names)
        self._editor = Editor()
        self._listener = ThreadPoolExecutor(1, "gain")
        self._gain: float | None = None
        self.progress: Plain = {"made": 0, "asked": 0}
        # What the page shows first is found out first.
        self._facts = self._editor.run(lambda: self._film_facts(known))
        for step in steps(self._reopened):
            self._editor.idle(step)
        self._wanted()

    @property
    def plan(self) -> Plan:
        """The state that counts."""
        return self.history.plan

    @property
    def cache(self) -> StageCache:
        """The cache of the desk's session."""
        return self._session.cache

    def music_of(self, plan: Plan) -> Path:
        """The music of a state. Raises InputError where it is not there any more, or another file is."""
        return locate(self._session, "music", None, plan.music.path, plan.music.sha256)

    def film(self) -> Plain:
        """What stays while the plan is changed, for the page."""
        tracks, logos = (
            {key: name_of(file) for key, file in files.items()} for files in (self.files.tracks, self.files.logos)
        )
        return {**self._facts.result(), "rules": rules(), "tracks": tracks, "logos": logos}

    def state(self) -> Plain:
        """The state that counts, for the page."""
        history = self.history
        revision = history.revision
        before = None if revision.parent is None else history.plan_of(revision.parent)
        return {
            "revision": revision.number,
            "parent": revision.parent,
            "asked": list(revision.asked),
            "told": list(revision.told),
            "undo": history.can_undo,
            "redo": history.can_redo,
            "gain": self._gain,
            "proxies": self.progress,
            "job": self.jobs.facts,
            **shown_plan(history.plan, before),
        }

    def other(self, number: int) -> Plain:
        """Another revision for the page. Raises KeyError for one that is not there."""
        return {"revision": number, **shown_plan(self.history.plan_of(number), None)}

    def change(self, wishes: Wishes) -> Plain:
        """Change the plan as a request says, and tell the state after it.

        Raises:
            StaleError: the request is about another state.
            TrailergenError: as ``api.revise``.
        """

        def changed() -> None:
            self._require(wishes.base)
            old, request = self.plan, wishes.request(self.files)
            request.require_wish()
            self._notes.clear()
            new = revise(old, request, film=self._film, checkpoint=self._checkpoint, session=self._session)
            told = changes(old, new, request.edits) or ["nothing of the trailer has changed"]
            self.history.add(new, request.remembered(), [*told, *map(self.names, self._notes)])

        self._alone(changed)
        return self._moved()

    def step(self, step: Step) -> Plain:
        """Undo, redo, or go to another revision. Raises StaleError, and UsageError for one that is not there."""

        def stepped() -> None:
            self._require(step.base)
            try:
                if step.to == "undo":
                    self.history.undo()
                elif step.to == "redo":
                    self.history.redo()
                else:
                    self.history.go(step.to)
            except KeyError as error:
                raise UsageError(f"there is no revision {step.to}") from error

        self._alone(stepped)
        return self._moved()

    def close(self) -> None:
        """End the threads; what is being made is given up."""
        self.jobs.stop()
        self.jobs.wait()
        self.proxies.close()
        self._editor.close()
        self._listener.shutdown(cancel_futures=True)

    def _reopened(self) -> Reopened:
        """The state that counts, whose bans, flags and rules may not be those of the plan's file any more."""
        plan = self.plan
        return reopen(self._session, plan, self._film, self._checkpoint, plan.bans)

    def _film_facts(self, known: Reopened) -> Plain:
        cues = cues_of(self._session, known.plan, known.film.info)
        return shown_film(known.plan, scene_numbers(known.draft.features).tolist(), cues, self.proxies.size)

    def _alone(self, work: Callable[[], Result]) -> Result:
        """Run something in the editor's thread, while no proxy is begun."""
        with self.proxies.resting():
            return self._editor.run(work).result()

    def _require(self, base: int) -> None:
        if base != self.history.at:
            raise StaleError

    def _moved(self) -> Plain:
        self._wanted()
        state = self.state()
        self.events.publish("state", revision=state["revision"])
        return state

    def _wanted(self) -> None:
        """Have the proxies of the state made, and its loudness measured."""
        plan = self.plan
        wanted = self.parts.wanted(plan)
        clips = len({part for source in shown(plan) for part in self.parts.over(source)})
        self.proxies.want(wanted[:clips], CLIPS)
        self.proxies.want(wanted[clips:], LATER)
        self._listener.submit(self._measure, plan)

    def _measure(self, plan: Plan) -> None:
        try:
            self._gain = self.sounds.gain(plan, self.music_of(plan))
        except TrailergenError as error:
            self.events.publish("note", text=self.names(error.what))
        else:
            self.events.publish("gain", gain=self._gain)

    def _made(self, made: int, asked: int) -> None:
        self.progress = {"made": made, "asked": asked}
        self.events.publish("proxies", **self.progress)

    def _job_session(self, on_progress: Callable[..., None], on_note: Callable[[str], None]) -> Session:
        return _like(self._session, on_progress=on_progress, on_note=on_note)


@contextmanager
def open_desk(path: Path, session: Session, film: Path | None = None, checkpoint: Path | None = None) -> Iterator[Desk]:
    """Put a plan on the desk while the block runs.

    Args:
        path: the plan's file, which stays as it is.
        session: cache, processor, models; tells of what has to be found out about the film first.
        film: where it is now, if not where the plan says.
        checkpoint: the model's file, None for the starter.

    Raises:
        InputError: the plan, the film or the music cannot be read.
        OutputError: the folder of the plan cannot be written.
        PlanError: it is no plan, or the film's shots are not the plan's.
        UsageError: another desk has this plan.
        WeightsError: the model's weights, or the encoder's, are missing or damaged.
    """
    plan = read_plan(path)
    where = locate(session, "film", film, plan.film.path, plan.film.sha256)
    locate(session, "music", None, plan.music.path, plan.music.sha256)
    session.memory = Memory(_REMEMBERED)
    known = reopen(session, plan, where, checkpoint, plan.bans)
    folder = folder_of(path)

    def taken() -> None:
        raise UsageError(f"another desk has {path}", "one desk changes a plan at a time", "use its page, or end it")

    make_folder(folder)
    with ExitStack() as open_now:
        open_now.enter_context(alone(folder / "desk.lock", taken))
        desk = Desk(path, known, session, checkpoint)
        open_now.callback(desk.close)
        yield desk


def _like(known: Session, **more: Any) -> Session:
    """A session on the same cache, processor and models, that tells others."""
    return Session(
        known.cache, device=known.device, hwaccel=known.hwaccel, models=known.models, threads=known.threads, **more
    )


def folder_of(path: Path) -> Path:
    """The folder of a plan's revisions, beside it."""
    return path.with_name(f"{plan_stem(path)}.desk")
