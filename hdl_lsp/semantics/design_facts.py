"""What elaboration of a whole design knows: its instance tree and what slang has to say about every file.

Must not import pyslang (design.py fills these, in an analysis process only). Frozen and picklable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.text.source import Span


@dataclass(frozen=True, slots=True)
class InstanceNode:
    """One instance of the elaborated design."""

    name: str  # "u_alu", "gen_x[3].u_leaf" for one inside generate blocks of its parent
    definition: str
    path: str  # hierarchical, from the top: "top.u_core.u_alu"
    parent: int | None  # index of DesignFacts.instances (always smaller); None for a top
    parameters: tuple[tuple[str, str], ...]  # name, value in SystemVerilog notation; in order
    file: str  # where the instance is written (for a top, its module); "" if in no file
    span: Span  # its name there


@dataclass(frozen=True, slots=True)
class DesignCounts:
    """Sizes for a status line."""

    files: int = 0
    definitions: int = 0  # different modules, interfaces and programs that are instantiated
    instances: int = 0  # all, also those left out of DesignFacts.instances
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class DesignFacts:
    """Result of elaborating all files of a project together."""

    tops: tuple[str, ...] = ()
    diagnostics: Mapping[str, tuple[Diagnostic, ...]] = field(
        default_factory=dict[str, tuple[Diagnostic, ...]]
    )  # absolute path -> diagnostics in order of place; files without any are left out
    instances: tuple[InstanceNode, ...] = ()  # parents first; at most MAX_INSTANCES
    counts: DesignCounts = DesignCounts()
    is_lint_only: bool = False  # no top was known: names were resolved, nothing was elaborated
    failure: str = ""  # why nothing is known; "" when all went well


MAX_INSTANCES = 5_000
"""Instances told in full; OpenTitan's Earl Grey has 32,800, which nobody reads."""
