"""Upward names (IEEE 1800-2023 23.8): what a name means around the instances of the module that it stands in.

Must not guess: all instances have to agree.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.semantics.summary import DESIGN_UNITS
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.meanings import NOBODY, Answer, Meanings

_MOST_INSTANCES = 64  # of one module; more are no testbench's


def upward(meanings: Meanings, file: FileId, offset: int, name: str) -> Answer:
    """What *name*, which no scope of *file* declares, means where the unit around *offset* is instantiated or bound."""
    unit = next(
        (
            decl.name
            for decl in meanings.snapshot.summary(file).decls
            if decl.kind in DESIGN_UNITS and decl.span.start <= offset <= decl.span.end
        ),
        "",
    )
    if not unit:
        return NOBODY
    answers = {answer for answer in _around(meanings, unit, name) if answer != NOBODY}
    return answers.pop() if len(answers) == 1 else None if answers else NOBODY


def _around(meanings: Meanings, unit: str, name: str) -> Iterator[Answer]:
    index = meanings.snapshot.index
    for number, ref in enumerate(index.instances_of(unit)):
        if number >= _MOST_INSTANCES:
            yield None
            return
        code = meanings.code(ref.file)
        bound = code.look(ref.instance.definition_span).bound_to if code else ""
        if not bound:
            yield meanings.plain(ref.file, int(ref.instance.span.start), name)
            continue
        for target in index.units(bound):
            yield meanings.plain(target.file, int(target.decl.span.end), name)
