"""A text on its way to being a suggestion.

Must not judge it; the filters do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hdl_lsp.context.site import CompletionSite

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Text to insert at the site's cursor. `is_complete` False: the model was cut off (token limit, deadline)."""

    text: str
    site: CompletionSite
    is_complete: bool = True

    def with_text(self, text: str) -> Candidate:
        """The same candidate with other text."""
        return replace(self, text=text)

    def lines(self) -> list[str]:
        """The text's lines without line ends; never empty."""
        return LINE_END.split(self.text)
