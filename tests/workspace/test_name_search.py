"""Searching names: what hdl_lsp.workspace.name_search finds, and in which order."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.workspace.name_search import NameList, ranked

LETTERS = st.text("abAB_^-]\\$İ", min_size=1, max_size=6)


def slowly(names: set[str], query: str) -> list[str]:
    """The same order, name by name."""
    wanted = query.lower()
    pattern = re.compile(".*?".join(map(re.escape, wanted)))

    def rank(name: str) -> tuple[int, int, int, str]:
        lower = name.lower()
        tests = (lower == wanted, lower.startswith(wanted), f"_{wanted}" in lower, wanted in lower)
        return (*tests, True).index(True), 0 if query in name else 1, len(name), name

    return sorted((name for name in names if pattern.search(name.lower())), key=rank)


@given(st.sets(LETTERS), st.sets(LETTERS), LETTERS)
def test_order(some: set[str], others: set[str], query: str) -> None:
    """Names of two lists come in one order, each once, as a search name by name would find them."""
    found = list(ranked((NameList(some), NameList(others)), query))
    assert found == slowly(some | others, query)


def test_empty_query() -> None:
    """Nothing typed yet finds everything, the shortest first."""
    lists = (NameList(["b", "aaa"]), NameList(["cc"]))
    assert list(ranked(lists, "")) == ["b", "cc", "aaa"]


def test_line_end() -> None:
    """No name holds a line end."""
    assert not list(ranked((NameList(["a", "b"]),), "a\nb"))


def test_no_names() -> None:
    """A list may be empty."""
    assert not list(ranked((NameList([]),), "a"))
