"""A fix is worked out once for a text, offered when it is there, and given up when the text changes."""

from __future__ import annotations

import asyncio

from hdl_lsp.errors import EngineError
from hdl_lsp.features.actions.fix_diagnostic import Fix
from hdl_lsp.semantics.facts import Diagnostic, Severity
from hdl_lsp.server.fixes import Fixes
from hdl_lsp.text.source import span
from hdl_lsp.workspace.files import FileId

FILE = FileId(1)
WRONG = Diagnostic(span(0, 1), Severity.ERROR, "X", "wrong")
FIX = Fix("Right", (), is_generated=True)


async def test_a_fix_is_worked_out_once_and_offered_when_it_is_there() -> None:
    """A lightbulb that does not wait gets it the next time."""
    fixes = Fixes()
    go = asyncio.Event()
    asked: list[Diagnostic] = []

    async def work_out(diagnostic: Diagnostic) -> Fix | None:
        asked.append(diagnostic)
        await go.wait()
        return FIX

    assert await fixes.known(FILE, "a", (WRONG,), work_out, wait_s=0) == []
    go.set()
    assert await fixes.known(FILE, "a", (WRONG,), work_out, wait_s=5) == [(WRONG, FIX)]
    assert asked == [WRONG]
    await fixes.close()


async def test_what_has_no_fix_is_not_offered() -> None:
    """None, and an engine that fails, are no fixes."""
    fixes = Fixes()

    async def nothing(_diagnostic: Diagnostic) -> Fix | None:
        return None

    async def fails(_diagnostic: Diagnostic) -> Fix | None:
        raise EngineError("no model")

    assert await fixes.known(FILE, "a", (WRONG,), nothing, wait_s=5) == []
    assert await fixes.known(FILE, "b", (WRONG,), fails, wait_s=5) == []
    await fixes.close()


async def test_another_text_ends_the_work_on_the_one_before() -> None:
    """What was going on for an older text is cancelled."""
    fixes = Fixes()
    ended = asyncio.Event()

    async def endless(_diagnostic: Diagnostic) -> Fix | None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return FIX

    async def quick(_diagnostic: Diagnostic) -> Fix | None:
        return FIX

    assert await fixes.known(FILE, "a", (WRONG,), endless, wait_s=0.01) == []
    assert await fixes.known(FILE, "b", (WRONG,), quick, wait_s=5) == [(WRONG, FIX)]
    await asyncio.wait_for(ended.wait(), 5)
    await fixes.close()
