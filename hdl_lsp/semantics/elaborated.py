"""One elaborated design, kept whole: a tree whose SourceManager is gone reads freed memory.

Must not compile (design.py does) nor answer questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pyslang import ast

from hdl_lsp.semantics.design_tree import DesignTree
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.tree_cache import ParsedText, TreeCache


@dataclass(frozen=True)
class Elaborated:
    """Owner of a compilation with everything that it refers to."""

    version: int  # the server's number for the texts and options it was made of
    cache: TreeCache
    parsed: tuple[ParsedText, ...]
    compilation: ast.Compilation
    is_lint_only: bool

    @cached_property
    def locations(self) -> Locations:
        """Places in all files alike."""
        # Nothing here may refer back to us: a cycle keeps a dead design for long.
        texts = self.by_path

        def text_of(path: str) -> bytes | None:
            return texts[path].text.data if path in texts else None

        return Locations(self.cache.manager, -1, "", self.cache.path_of, text_of)

    @cached_property
    def tree(self) -> DesignTree:
        """The instance tree, made as it is asked for."""
        return DesignTree(self.compilation, self.locations)

    @cached_property
    def by_path(self) -> Mapping[str, ParsedText]:
        """The files of the design."""
        return {text.path: text for text in self.parsed}

    def text(self, path: str) -> bytes | None:
        """The text of a file of the design or of a header, as slang read it; None if it is no part of it."""
        known = self.by_path.get(path)
        if known is not None:
            return known.text.data
        found = self.cache.text_at(path)
        return None if found is None else found[1].data
