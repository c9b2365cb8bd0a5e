"""Reads a hover as a person does: which kind, direction and width it says, and whether slang agrees.

Must not see how the hover was made: only its Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hdl_lsp.semantics.truth.record import TruthSymbol

_CODE = re.compile(r"^(`{3,})\w*\n(.*?)\n\1", re.MULTILINE | re.DOTALL)
_BITS = re.compile(r"(?<![\w`])([\d,]+) bits?\b")

_DIRECTIONS: Mapping[str, str] = MappingProxyType(
    {"In": "input", "Out": "output", "InOut": "inout", "Ref": "ref"}
)
_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Definition": ("module", "interface", "program", "macromodule"),
        "Package": ("package",),
        "ClassType": ("class",),
        "GenericClassDef": ("class",),
        "Subroutine": ("function", "task"),
        "MethodPrototype": ("function", "task"),
        "TypeAlias": ("typedef",),
        "ForwardingTypedef": ("typedef",),
        "EnumValue": ("enum member",),
        "Field": ("field",),
        "Parameter": ("parameter", "localparam", "genvar"),
        "TypeParameter": ("parameter", "localparam"),
        "Genvar": ("genvar",),
        "Port": ("port", "input", "output", "inout"),
        "InterfacePort": ("port",),
        "Instance": ("instance",),
        "InstanceArray": ("instance",),
        "UninstantiatedDef": ("instance",),
        "PrimitiveInstance": ("instance",),
        "Modport": ("modport",),
        "ModportPort": ("modport", "variable", "net", "logic", "wire"),
        "Macro": ("`define",),
        "MacroFormal": ("argument of the macro",),
        "GenerateBlock": ("generate block", "begin"),
        "GenerateBlockArray": ("generate block", "begin"),
        "StatementBlock": ("block", "begin"),
        "FormalArgument": ("argument", "input", "output", "inout", "ref"),
        "Net": ("net", "wire", "port", "tri"),
        "Variable": ("variable", "logic", "reg", "port", "bit", "int", "function"),
    }
)
"""Words of a hover for slang's kinds of symbol; kinds that are not here are not judged."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`word`: "right", or what differs. What was expected, and the line of the hover that says otherwise."""

    word: str
    wanted: str = ""
    said: str = ""


def judge_hover(markdown: str, symbols: Sequence[TruthSymbol]) -> Verdict:
    """Whether the hover agrees with one of *symbols*."""
    verdicts = [_judged(markdown, symbol) for symbol in symbols]
    return next((v for v in verdicts if v.word == "right"), verdicts[0])


def _judged(markdown: str, symbol: TruthSymbol) -> Verdict:
    code = "\n".join(found.group(2) for found in _CODE.finditer(markdown))
    words = _CODE.sub("", markdown).strip()
    line = words.partition("\n")[0]
    wanted = [word for kind in sorted(symbol.kinds) for word in _WORDS.get(kind, ())]
    is_label = "SyntaxNamedLabel" in symbol.kinds  # of an assertion, which slang wraps in a block
    if (
        wanted
        and not is_label
        and not any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", f"{code}\n{line}") for w in wanted)
    ):
        return Verdict("kind", "|".join(sorted(symbol.kinds)), line or code)
    direction = _DIRECTIONS.get(symbol.direction, "")
    if direction and "ModportPort" not in symbol.kinds and direction not in f"{code}\n{line}":
        return Verdict("direction", direction, line or code)
    width = _BITS.search(line)
    if width and symbol.widths and int(width[1].replace(",", "")) not in symbol.widths:
        return Verdict("width", " or ".join(f"{w} bits" for w in sorted(symbol.widths)), line)
    return Verdict("right")
