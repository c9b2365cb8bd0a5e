"""What a call calls: functions, tasks and constructors, through packages, classes and objects.

Must not choose between overloads by type: SystemVerilog has none (IEEE 1800-2023 13.4, 8.7).
"""

from __future__ import annotations

from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.members import after_dots, before_dot
from hdl_lsp.workspace.names import resolve, resolve_scoped
from hdl_lsp.workspace.snapshot import Snapshot

_CALLABLE = frozenset({DeclKind.FUNCTION.value, DeclKind.TASK.value, DeclKind.CLASS.value})


def callables(
    snapshot: Snapshot, file: FileId, offset: int, base: tuple[str, ...], name: str
) -> tuple[Declared, ...]:
    """What `base.name(` or `base::name(` may call at *offset*, best first; *base* is () for a plain name."""
    if not base:
        found = resolve(snapshot, file, offset, name)
    else:
        found = resolve_scoped(snapshot, file, offset, base, name)
        if not found:
            found = after_dots(
                snapshot, before_dot(snapshot, file, offset, base[0]), (*base[1:], name)
            )
    return tuple(one for one in found if one.kind in _CALLABLE)
