"""The shapes every computed suggestion shares: what a rule is asked, and what it answers.

Must not compute anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """One place at which something may follow from the design.

    *facts* are of the present text or of one a few keys older (their spans may be off, their names are not);
    None while nothing is known.
    """

    snapshot: Snapshot
    site: CompletionSite
    facts: FileFacts | None


@dataclass(frozen=True, slots=True)
class Computed:
    """Text to insert at the cursor, line ends as LF, indented as it stands in the file.

    `rule` names who computed it ("port map"), for statistics and the evaluation.
    """

    text: str
    rule: str


Rule = Callable[[Asked], tuple[Computed, ...]]
"""Best first; () where the rule has nothing to say. Never raises, no I/O; milliseconds."""
