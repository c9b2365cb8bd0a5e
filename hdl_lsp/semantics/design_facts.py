"""What elaboration of a whole design tells at once: what slang has to say about every file, and sizes.

The instance tree is asked for piece by piece (design_query.py).

Must not import pyslang (design.py fills these, in an analysis process only). Frozen and picklable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hdl_lsp.semantics.facts import Diagnostic


@dataclass(frozen=True, slots=True)
class DesignCounts:
    """Sizes for a status line."""

    files: int = 0
    definitions: int = 0  # different modules, interfaces and programs that are instantiated
    instances: int = 0
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class DesignFacts:
    """Result of elaborating all files of a project together."""

    tops: tuple[str, ...] = ()
    diagnostics: Mapping[str, tuple[Diagnostic, ...]] = field(
        default_factory=dict[str, tuple[Diagnostic, ...]]
    )  # absolute path -> diagnostics in order of place; files without any are left out
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    """Absolute path -> SourceText.digest of every file that was compiled."""
    instances_of: Mapping[str, int] = field(default_factory=dict[str, int])
    """Name of a module, interface or program -> how many instances it has; tops count as one."""
    counts: DesignCounts = DesignCounts()
    is_lint_only: bool = False  # no top was known: names were resolved, nothing was elaborated
    failure: str = ""  # why nothing is known; "" when all went well
