"""A line above every module: how often it is instantiated.

Must not wait: counts of the elaborated design are used when they are there, else what is written is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

INSTANTIATED = frozenset({DeclKind.MODULE, DeclKind.INTERFACE, DeclKind.PROGRAM})


@dataclass(frozen=True, slots=True)
class Lens:
    """A line above the declaration of *definition*, whose name is at *span*."""

    span: Span
    definition: str


def code_lens(snapshot: Snapshot, file: FileId) -> tuple[Lens, ...]:
    """One lens for every module, interface and program of *file*, in order; () when switched off."""
    if not snapshot.config.design.lens:
        return ()
    return tuple(
        Lens(decl.name_span, decl.name)
        for decl in snapshot.summary(file).decls
        if decl.kind in INSTANTIATED and decl.parent is None
    )


def lens_title(
    snapshot: Snapshot, definition: str, counts: Mapping[str, int], tops: frozenset[str]
) -> str:
    """`3 instances`, `top`, `not instantiated`.

    *counts* and *tops* are those of the elaborated design, or empty. A module that the design does not
    reach is told by what is written: it may belong to another design.
    """
    elaborated = counts.get(definition, 0)
    if definition in tops and elaborated <= 1:
        return "top"
    written = len(snapshot.index.instances_of(definition))
    if not elaborated:
        return _many(written, "instance") if written else "not instantiated"
    if elaborated == written or not written:
        return _many(elaborated, "instance")
    return f"{_many(elaborated, 'instance')}, written in {_many(written, 'place')}"


def instantiations(snapshot: Snapshot, definition: str) -> tuple[NavTarget, ...]:
    """Every place where *definition* is instantiated, in the order of paths and texts."""
    found = [
        NavTarget(
            snapshot.path(use.file), use.instance.span, use.instance.name_span, use.instance.name
        )
        for use in snapshot.index.instances_of(definition)
    ]
    return tuple(sorted(found))


def _many(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"
