"""Values that are functions of content, remembered while they are likely to be asked for again.

Must not decide what a value means: it changes when an answer comes, never which. There is no invalidation,
because every key holds the content hashes its value depends on.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from hdl_lsp.syntax.parser import parse
from hdl_lsp.syntax.tree import SyntaxTree
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId

T = TypeVar("T")

TREES = (
    48  # trees of all of OpenTitan would take 400 MB; open files and the last few used are enough
)
VALUES = 512


class Memo:
    """A bounded cache shared by all snapshots; the least recently used value goes first."""

    def __init__(self, *, trees: int = TREES, values: int = VALUES) -> None:
        self._tree_limit = trees
        self._value_limit = values
        self._trees: OrderedDict[tuple[FileId, str], SyntaxTree] = OrderedDict()
        self._newest: dict[FileId, SyntaxTree] = {}
        self._values: OrderedDict[tuple[Hashable, ...], object] = OrderedDict()

    def syntax(self, file: FileId, text: SourceText) -> SyntaxTree:
        """tree-sitter's tree of *text*; parsed incrementally from the last tree of *file* when there is one."""
        key = (file, text.digest)
        known = self._trees.get(key)
        if known is not None:
            self._trees.move_to_end(key)
            return known
        tree = parse(text, self._newest.get(file))
        self._trees[key] = self._newest[file] = tree
        if len(self._trees) > self._tree_limit:
            (old_file, _), old = self._trees.popitem(last=False)
            if self._newest.get(old_file) is old:
                del self._newest[old_file]
        return tree

    def remember(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """The value stored under *key*, made by *make* when it is not there.

        The first part of *key* names the computation; the others are the digests and options it depends on.
        """
        if key in self._values:
            self._values.move_to_end(key)
            # The key's first part names the function, so what lies there has this function's type.
            return cast("T", self._values[key])
        value = make()
        self._values[key] = value
        if len(self._values) > self._value_limit:
            self._values.popitem(last=False)
        return value
