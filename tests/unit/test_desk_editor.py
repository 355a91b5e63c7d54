"""The thread of changes: what somebody waits for goes before what nobody does."""

from __future__ import annotations

import threading

import pytest

from trailergen.desk.editor import Editor


def test_what_is_waited_for_goes_first() -> None:
    editor, begun, goes_on, done = Editor(), threading.Event(), threading.Event(), list[str]()

    def first() -> None:
        begun.set()
        goes_on.wait(10)
        done.append("first")

    editor.idle(first)
    for name in ("second", "third"):
        editor.idle(lambda name=name: done.append(name))
    assert begun.wait(10)
    asked = editor.run(lambda: done.append("asked") or 7)
    goes_on.set()
    assert asked.result(10) == 7
    editor.run(lambda: None).result(10)
    assert done[:2] == ["first", "asked"]
    last = threading.Event()
    editor.idle(last.set)
    assert last.wait(10)
    assert done == ["first", "asked", "second", "third"]
    editor.close()


def test_an_error_is_who_asked_for_its_own() -> None:
    editor = Editor()
    editor.idle(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        editor.run(lambda: 1 // 0).result(10)
    assert editor.run(lambda: 3).result(10) == 3
    editor.close()


def test_the_end_waits_for_nothing_that_nobody_waits_for() -> None:
    editor, begun, goes_on, done = Editor(), threading.Event(), threading.Event(), list[str]()
    editor.idle(lambda: (begun.set(), goes_on.wait(10)))
    assert begun.wait(10)
    asked = editor.run(lambda: done.append("asked"))
    editor.idle(lambda: done.append("idle"))
    threading.Timer(0.05, goes_on.set).start()
    editor.close()
    assert asked.done() and done == ["asked"]
    with pytest.raises(RuntimeError):
        editor.run(lambda: None)
