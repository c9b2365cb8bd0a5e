"""Types, declarations and numbers as a user would write them, from slang's own spellings.

Works on text only (no pyslang here), so that both the analysis process and the features may use it.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.facts import SymbolFact

DIMENSION = re.compile(r"(?<=[\w>)}])(?=\[)")
"""Between a word and the bracket that slang glues to it: `logic[3:0]`."""

UNPACKED = re.compile(r"\s*\$(?=\[)")
"""The sign slang writes before unpacked dimensions: `logic[3:0]$[0:7]`."""

INSTANCE_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z_]\w*(?:\[\d+\])?\.)+(?=[A-Za-z_])")
"""The hierarchy slang puts before a type declared in a module: `top.u_fifo.state_t`."""

ANONYMOUS = re.compile(r"(?<=\})[\w.]*\$\d+")
"""slang's name for a struct or enum without one: `struct{...}top.s$1`."""

SIZED = re.compile(r"(?<![\w'])(-?)(\d+)'s?([bdoh])([0-9a-fA-FxXzZ_?]+)")
"""A sized literal as slang prints it: `32'd5`, `-8'sd3`."""

MAX_TYPE_CHARS = 1_200
"""Longer types are cut: nobody reads more in a hover."""


def pretty_type(spelling: str) -> str:
    """A type as slang spells it, with the spaces a person puts: `logic [31:0]`, `logic [7:0] $[0:3]`.

    Unpacked dimensions keep slang's dollar sign, because a type text has no name to put them behind;
    declaration() knows where they go.
    """
    text = INSTANCE_PATH.sub("", ANONYMOUS.sub("", spelling))
    text = UNPACKED.sub(" $", text)
    text = DIMENSION.sub(" ", text)
    return text if len(text) <= MAX_TYPE_CHARS else text[: MAX_TYPE_CHARS - 4] + " ..."


def declaration(type_text: str, name: str) -> str:
    """`name` declared with that type: `logic [7:0] mem [0:3]`."""
    packed, dollar, unpacked = type_text.partition(" $")
    if not packed:
        return name
    return f"{packed} {name} {unpacked}" if dollar else f"{packed} {name}"


def fact_declaration(fact: SymbolFact) -> str:
    """One line that declares the symbol as its source would, value included: `localparam int W = 8`."""
    type_text = fact.type_name or fact.type_text
    match fact.kind:
        case "parameter" | "localparam":
            text = f"{fact.kind} {declaration(type_text, fact.name)}"
        case "port":
            text = " ".join(p for p in (fact.direction, declaration(type_text, fact.name)) if p)
        case "typedef":
            return f"typedef {declaration(fact.type_text, fact.name)}"
        case "enum member":
            text = fact.name
        case "function" | "task":
            return f"{fact.kind} {type_text}" if type_text else f"{fact.kind} {fact.name}"
        case "instance":
            return f"{type_text} {fact.name}".strip()
        case "variable" | "net" | "field" | "struct member":
            text = " ".join(p for p in (fact.direction, declaration(type_text, fact.name)) if p)
        case _:
            text = f"{fact.kind} {fact.name}"
    return text if fact.value is None else f"{text} = {fact.value}"


def plain_number(literal: str) -> str:
    """A constant in its shortest usual form: `32'd8` is `8`, other literals stay as they are."""
    match = SIZED.fullmatch(literal)
    if match is None or match[3] != "d" or not match[4].isdigit():
        return literal
    return match[1] + match[4]
