"""Number literals of SystemVerilog, read and spelled in other bases (IEEE 1800-2023 5.7).

Must not evaluate expressions; slang does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BASES = {"b": 2, "o": 8, "d": 10, "h": 16}
_SIZED = re.compile(
    r"""\s*(?P<sign>-)?\s*(?:(?P<width>[0-9][0-9_]*)\s*)?
        '(?P<signed>[sS])?(?P<base>[bodhBODH])\s*(?P<digits>[0-9a-fA-FxXzZ?][0-9a-fA-FxXzZ?_]*)\s*""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"\s*(?P<sign>-)?\s*(?P<digits>[0-9][0-9_]*)\s*")
_FILL = re.compile(r"\s*'(?P<digit>[01xXzZ])\s*")
LITERAL = re.compile(
    r"(?:[0-9][0-9_]*\s*)?'[sS]?[bodhBODH]\s*[0-9a-fA-FxXzZ?][0-9a-fA-FxXzZ?_]*|'[01xXzZ](?!\w)"
    r"|(?<![\w.$])[0-9][0-9_]*(?![\w.'])"
)
"""An integer literal inside a line; not a real, not a time, not digits of an identifier."""

_WIDEST_BINARY = 64  # digits; longer ones say nothing to a reader


@dataclass(frozen=True, slots=True)
class Literal:
    """An integer literal. `value` None: it has x or z digits. `width` None: unsized."""

    value: int | None
    width: int | None
    is_signed: bool
    fill: str = ""  # the digit of '0, '1, 'x, 'z


def read(text: str) -> Literal | None:
    """The literal that *text* is; None if it is something else."""
    if match := _FILL.fullmatch(text):
        digit = match["digit"].lower()
        return Literal(int(digit) if digit in "01" else None, None, is_signed=False, fill=digit)
    if match := _PLAIN.fullmatch(text):
        value = int(match["digits"].replace("_", ""))
        return Literal(-value if match["sign"] else value, None, is_signed=True)
    match = _SIZED.fullmatch(text)
    if not match:
        return None
    width = int(match["width"].replace("_", "")) if match["width"] else None
    base = _BASES[match["base"].lower()]
    digits = match["digits"].replace("_", "")
    signed = bool(match["signed"])
    if re.search(r"[xXzZ?]", digits):
        return Literal(None, width, signed)
    try:
        value = int(digits, base)
    except ValueError:
        return None
    return Literal(-value if match["sign"] else value, width, signed)


def as_signed(value: int, width: int) -> int:
    """*value*'s lowest *width* bits in two's complement."""
    low = value & ((1 << width) - 1)
    return low - (1 << width) if low >> (width - 1) else low


def spelled(literal: Literal) -> tuple[str, ...]:
    """The value in decimal, hexadecimal and, if it is not too long, binary; () when it has no value."""
    value = literal.value
    if value is None:
        return ()
    if value < 0:
        return (str(value), f"-0x{-value:X}")
    binary = f"{value:_b}"
    short = (f"0b{binary}",) if len(binary) <= _WIDEST_BINARY and value > 1 else ()
    return (str(value), f"0x{value:X}", *short)


def digits_fit(literal: Literal) -> bool:
    """The value fits the width that is written; true when either is unknown."""
    if literal.value is None or literal.width is None:
        return True
    return abs(literal.value).bit_length() <= literal.width


def value_in_words(text: str) -> str:
    """A constant as slang prints it, with its decimal and hexadecimal value beside it where they differ.

    `32'h1f` gives "32'h1f (31)"; text that is no literal is given back as it is.
    """
    literal = read(text)
    if literal is None or literal.value is None or literal.fill:
        return text
    value = literal.value
    if literal.is_signed and literal.width and value >= 0:
        value = as_signed(value, literal.width)
    others = [str(value)]
    if abs(value) > 9:  # below, the bases agree
        others.append(f"0x{value:X}" if value >= 0 else f"-0x{-value:X}")
    shown = [other for other in others if other != text.strip()]
    return f"{text.strip()} ({', '.join(shown)})" if shown else text.strip()
