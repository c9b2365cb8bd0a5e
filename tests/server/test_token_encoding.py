"""Tokens as numbers: positions in every encoding, and deltas that lead from any array to any other."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.presentation.tokens import TOKEN_TYPES, Tokens, code
from hdl_lsp.server.token_encoding import FIVE, TokenEncoder, difference
from hdl_lsp.text.columns import Encoding
from hdl_lsp.text.source import SourceText

TEXT = SourceText.of("// größe\nlogic /* 😀 */ a, ñ;\r\n\n  b\n")


def tokens_at(*names: str) -> Tokens:
    """The first occurrence of each of *names* in TEXT as a variable."""
    tokens = Tokens()
    for name in names:
        start = TEXT.data.index(name.encode())
        tokens.append(start, start + len(name.encode()), code("variable"))
    return tokens


@pytest.mark.parametrize(
    ("encoding", "first", "second"),
    [
        (Encoding.UTF8, (1, 17, 1), (0, 3, 2)),
        (Encoding.UTF16, (1, 15, 1), (0, 3, 1)),
        (Encoding.UTF32, (1, 14, 1), (0, 3, 1)),
    ],
)
def test_columns_count_in_the_client_s_units(
    encoding: Encoding, first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    """What is not ASCII before or in a name counts as the client counts."""
    encoder = TokenEncoder(TEXT, encoding)
    encoder.add(tokens_at(" a, ñ"[1:2], "ñ"))
    encoder.add(tokens_at("b\n"[:1]))
    kind = TOKEN_TYPES.index("variable")
    assert encoder.data.tolist() == [*first, kind, 0, *second, kind, 0, 2, 2, 1, kind, 0]


ARRAYS = st.lists(st.tuples(*(st.integers(0, 2),) * FIVE), max_size=12).map(
    lambda fives: array("I", [number for five in fives for number in five])
)


@given(ARRAYS, ARRAYS)
def test_a_delta_leads_from_the_old_to_the_new(old: array[int], new: array[int]) -> None:
    """Applied as the protocol says, the edit gives the new array; equal arrays have none."""
    changed = difference(old, new)
    if changed is None:
        assert old == new
        return
    start, deleted, added = changed
    assert 0 <= start <= start + deleted <= len(old)
    assert start % FIVE == deleted % FIVE == len(added) % FIVE == 0
    assert old[:start] + added + old[start + deleted :] == new


def test_a_delta_is_as_small_as_the_edit() -> None:
    """One more token in a thousand costs five numbers or ten."""
    old = array("I", [1, 2, 3, 4, 0] * 1000)
    new = old[: 500 * FIVE] + array("I", [9, 9, 9, 9, 9]) + old[500 * FIVE :]
    assert difference(old, new) == (500 * FIVE, 0, array("I", [9, 9, 9, 9, 9]))
