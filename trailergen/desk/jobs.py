"""What is made of a plan from the page: the trailer, a timeline, a storyboard or the plan itself, one after another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trailergen.api.export import export
from trailergen.api.outputs import holds, next_plan, write_plan
from trailergen.api.render import render
from trailergen.api.storyboard import storyboard
from trailergen.desk.wishes import Finish
from trailergen.errors import TrailergenError, UsageError, explain
from trailergen.plans import Plan, dump_plan
from trailergen.session import Session

Tell = Callable[..., None]


class StoppedError(TrailergenError):
    """Somebody has stopped it."""


class Jobs:
    """Makes files beside a plan, named as ``trailergen revise`` would name the revision.

    Args:
        plan_path: the plan's own file.
        tell: is called with the facts of a job as they change, from its thread.
        session: makes one for a job, whose progress and notes go to two callbacks.
        names: gives texts for the page, with files by their names.
    """

    def __init__(
        self, plan_path: Path, tell: Tell, session: Callable[..., Session], names: Callable[[str], str]
    ) -> None:
        self._plan_path, self._tell, self._session, self._names = plan_path, tell, session, names
        self._busy = threading.Lock()
        self._stop = threading.Event()
        self._facts: dict[str, Any] = {"state": "idle"}

    @property
    def facts(self) -> dict[str, Any]:
        """Of the last job: ``state`` (idle, running, done, failed), what it makes, how far it is, files by name."""
        return self._facts

    def start(self, plan: Plan, wish: Finish) -> None:
        """Begin one. Raises UsageError while another runs."""
        if not self._busy.acquire(blocking=False):
            raise UsageError("something is being made just now", hint="wait for it, or stop it")
        self._stop.clear()
        self._say(state="running", make=wish.make, stage="", done=0.0, total=None, files=[], notes=[])
        threading.Thread(target=self._run, args=(plan, wish), name="job", daemon=True).start()

    def stop(self) -> None:
        """End the one that runs; what it has made so far is kept in the cache."""
        self._stop.set()

    def wait(self) -> None:
        """Return when none runs."""
        with self._busy:
            pass

    def _say(self, **facts: Any) -> None:
        self._facts = {**self._facts, **facts}
        self._tell(**self._facts)

    def _run(self, plan: Plan, wish: Finish) -> None:
        try:
            files = self._make(plan, wish)
            self._say(state="done", files=[path.name for path in files])
        except StoppedError:
            self._say(state="idle")
        except Exception as error:
            self._say(state="failed", error=self._names(explain(error)[1].removeprefix("error: ")))
        finally:
            self._busy.release()

    def _make(self, plan: Plan, wish: Finish) -> list[Path]:
        session = self._session(self._progress, self._note)
        path = self.kept(plan)
        stem = path.name.removesuffix(".plan.json")
        if wish.make == "render":
            suffix = ".mov" if wish.codec == "prores" else ".mp4"
            target = path.with_name(stem + suffix)
            return [render(path, target, session=session, codec=wish.codec), path]
        if wish.make == "export":
            made = export(path, wish.to)
            for note in made.notes:
                self._note(note)
            return [made.path, path]
        if wish.make == "storyboard":
            return [storyboard(path, path.with_name(f"{stem}.html"), session=session), path]
        return [path]

    def kept(self, plan: Plan) -> Path:
        """The file of a plan beside the first one: that one, the newest of its revisions, or a new one."""
        last, free = next_plan(self._plan_path)
        for known in (self._plan_path, last):
            if known is not None and holds(known, dump_plan(plan)):
                return known
        return write_plan(plan, free)

    def _progress(self, stage: str, done: float, total: float | None) -> None:
        if self._stop.is_set():
            raise StoppedError("it was stopped")
        before = self._facts
        # A page needs no more than a hundred steps.
        step = (total or 0) / 100
        if stage != before["stage"] or done >= before["done"] + step or done == total:
            self._say(stage=stage, done=done, total=total)

    def _note(self, text: str) -> None:
        self._say(notes=[*self._facts["notes"], self._names(text)])
