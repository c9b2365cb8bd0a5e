"""One hint, as all kinds of hints share it.

Must not know how a hint is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hdl_lsp.presentation.navigation import NavTarget


class HintKind(Enum):
    """What an editor may colour differently (LSP 3.17, InlayHintKind)."""

    TYPE = "type"
    PARAMETER = "parameter"


@dataclass(frozen=True, slots=True)
class InlayHint:
    """*label* shown before the byte at *offset*; it is no part of the text."""

    offset: int
    label: str
    kind: HintKind
    is_before: bool = False  # belongs to what follows ("Depth: 8"), not to what stands before
    tooltip: str = ""  # a line of SystemVerilog
    target: NavTarget | None = None  # the declaration that the hint tells about
