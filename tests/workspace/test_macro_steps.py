"""Macro expansion level by level, by the rules of IEEE 1800-2023 22.5.1."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.workspace.macro_steps import (
    MAX_STEPS,
    Definition,
    bound,
    definition_of,
    distinct,
    steps,
    use_at,
)


def expanded(definitions: str, use: str) -> tuple[str, ...]:
    """The steps of *use*; one definition per line, a backslash continues it."""
    known: dict[str, Definition] = {}
    for line in definitions.replace("\\\n", "\0").strip().split("\n"):
        rest = line.removeprefix("`define ").replace("\0", "\\\n")
        name = rest.split("(")[0].split()[0]
        known[name] = definition_of(name, rest[len(name) :])
    return steps(use, known.get)


def test_levels() -> None:
    """Every level of nesting is a step."""
    assert expanded("`define A `B + 1\n`define B `C\n`define C 7", "`A") == (
        "`B + 1",
        "`C + 1",
        "7 + 1",
    )


def test_arguments() -> None:
    """Arguments are put in as written, commas inside brackets and strings do not split."""
    assert expanded("`define F(a, b) {b, a}", '`F(g(1, 2), "x,y")') == ('{"x,y", g(1, 2)}',)


def test_default_argument() -> None:
    """An argument that is left out or empty takes its default."""
    definitions = "`define F(a, b = 3) a*b"
    assert expanded(definitions, "`F(2)") == ("2*3",)
    assert expanded(definitions, "`F(2,)") == ("2*3",)


def test_paste_and_quote() -> None:
    r"""``, `" and `\`" paste, open a string and put a quote into it; a plain string is left alone."""
    assert expanded('`define F(x) x``_q = `"x`" + "x" + `\\`"', "`F(a)") == (
        'a_q = "a" + "x" + \\"',
    )


def test_continued_body_and_comment() -> None:
    """A body goes on after a backslash; a comment in it is no part of it."""
    assert expanded("`define F(x) x + \\\n  x // twice", "`F(1)") == ("1 + \n  1",)


def test_part_of_a_name() -> None:
    """Only whole identifiers are arguments."""
    assert expanded("`define F(a) a + aa + b.a + a$", "`F(1)") == ("1 + aa + b.1 + a$",)


def test_unknown_macro_stays() -> None:
    """What nobody defines stays as written."""
    assert expanded("`define A `UNKNOWN + 1", "`A") == ("`UNKNOWN + 1",)


def test_recursion_ends() -> None:
    """A macro that uses itself, which is illegal, ends after some steps."""
    assert len(expanded("`define A `A + 1", "`A")) == MAX_STEPS


def test_blank_before_the_parenthesis() -> None:
    """A parenthesis after a blank belongs to the body of a macro without arguments."""
    assert expanded("`define A (1)", "`A(2)") == ("(1)(2)",)


def test_bound() -> None:
    """Names of formal arguments lead to what is written for them."""
    definition = definition_of("F", "(a, b = 1) a + b")
    assert bound(use_at("`F( x )", 0, definition), definition) == {"a": "x", "b": "1"}


def test_distinct() -> None:
    """A step that shows what the result or the step before it shows is left out."""
    assert distinct(("`B", "`B ", "7"), "7") == ("`B",)


@given(st.text('`FA(),"ab {}\\\n', max_size=40), st.text('`FA(),"ab {}\\\n/*', max_size=40))
def test_never_raises(body: str, use: str) -> None:
    """Any text is a body and a use: nothing raises, and it ends."""
    definition = definition_of("F", body)
    assert len(steps("`F" + use, lambda name: definition if name == "F" else None)) <= MAX_STEPS
