"""Sentences of a model that may be shown, and those that may not."""

from __future__ import annotations

import pytest

from hdl_lsp.context.grounding import grounded, grounded_words
from tests.support.fixture import parse_fixture

GIVEN = "Facts:\n- `count_q` is 4 bits wide.\nCode:\nassign full_o = count_q == Depth;"
KNOWN = frozenset({"count_q", "full_o", "Depth"})


@pytest.mark.parametrize(
    "sentence",
    [
        "It counts what was pushed.",
        "`count_q` has 4 bits.",
        "It is full_o.",
        "The queue is full when `count_q` reaches Depth.",
    ],
)
def test_sentences_that_stand(sentence: str) -> None:
    """They name what exists, and speak of what was given."""
    assert grounded(sentence, KNOWN, GIVEN) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "`count_d` counts.",
        "The other_counter counts.",
        "It counts to 15.",
        "It counts for the Wishbone bus.",
        'It is called "counting house".',
        "It performs an operation.",
        "It counts what was",
        "",
    ],
)
def test_sentences_that_do_not(sentence: str) -> None:
    """Unknown names, numbers, proper names and quotations; empty phrases; half sentences."""
    assert grounded(sentence, KNOWN, GIVEN) == ""


def test_nothing_is_said_twice() -> None:
    """A sentence that adds no word is left out, the others stay in order."""
    words = (
        "It counts pushes. It is used to count pushes. The queue is full then. It counts pushes."
    )
    assert grounded(words, KNOWN, GIVEN) == "It counts pushes. The queue is full then."


def test_names_of_other_files_are_known() -> None:
    """A name that occurs anywhere in the workspace may be said."""
    at = parse_fixture(
        """
        //- /a.sv
        module a_core; endmodule
        //- /b.sv
        module b_core; endmodule
        """
    )
    snapshot = at.snapshot()
    said = "It sits beside `a_core`. It sits beside `c_core`."
    assert grounded_words(snapshot, at.file_of("/b.sv"), said) == "It sits beside `a_core`."
