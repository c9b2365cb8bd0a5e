"""What it costs to ask slang about a suggestion, at places all over a large file of Ibex and the largest of CVA6.

Must not ask a model: each candidate is a line of the file, once more, or with a name that nothing declares.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from hdl_lsp.context.when_silent import Silence, why_silent
from hdl_lsp.lab.samples import Row
from hdl_lsp.server.checking import checker
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import Offset
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.paths import HDL_EXTENSIONS

Say = Callable[[str], None]

PLACES = 40
LIMIT_MS = 30


async def gate(core: Path, folders: tuple[Path, Path], say: Say) -> list[Row]:
    """A row for *core* in the first folder, and one for the largest file of the second."""
    large = max(
        (path for path in folders[1].rglob("*") if path.suffix in HDL_EXTENSIONS),
        key=lambda path: path.stat().st_size,
    )
    return [await _row(folders[0], core, say), await _row(folders[1], large, say)]


async def _row(folder: Path, path: Path, say: Say) -> Row:
    say(f"suggestions in {path.name} are checked")
    session = Session()
    try:
        session.open_folder([str(folder)], {"llm": {"enabled": False}})
        await session.load()
        samples = await _asked(session, session.table.id_of(str(path)))
    finally:
        await session.close()
    bar = f"p95 ≤ {LIMIT_MS} ms"
    return Row(f"a suggestion is checked, `{path.name}`", bar, samples, limit=LIMIT_MS)


async def _asked(session: Session, file: FileId) -> tuple[float, ...]:
    """Milliseconds of every check where something may be suggested while somebody types.

    The first one, which starts the process and parses the other files, is left out.
    """
    text = session.vfs.text(file)
    if text is None:
        return ()
    check = checker(session, file)
    await session.facts(file)
    snapshot = session.snapshot()
    starts = [Offset(text.line_span(line0).start) for line0 in range(text.line_count)]
    lines = [
        line0
        for line0, start in enumerate(starts)
        if why_silent(snapshot, file, start, is_asked=False) is not Silence.INACTIVE
    ]
    chosen = random.Random(0).sample(lines, min(PLACES, len(lines)))  # noqa: S311
    taken: list[float] = []
    for number, line0 in enumerate((chosen[0], *sorted(chosen))):
        start = starts[line0]
        line = text.line_text(line0)
        candidate = line if number % 2 else f"{line} assign nobody_{number} = declared_{number};"
        began = time.perf_counter()
        await check(text, start, (f"{candidate}\n",))
        taken.append(1000 * (time.perf_counter() - began))
    return tuple(taken[1:])
