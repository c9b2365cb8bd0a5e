"""What is asked about one file by an evaluation of suggestions, and what is answered.

Must not import pyslang: the lab reads these. Frozen and picklable; offsets are bytes of the file's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hdl_lsp.semantics.request import DiagnosticsRequest

Range = tuple[int, int]


class PieceKind(Enum):
    """Grammar rules whose pieces can be taken out of a file and asked for."""

    PORT_MAP = "port map"
    PARAMETER_MAP = "parameter map"
    CASE_ARMS = "case arms"
    STRUCT_LITERAL = "struct literal"
    RESET_BRANCH = "reset branch"
    ALWAYS_BLOCK = "always block"
    DECLARATION = "declaration"
    ASSERTION = "assertion"
    EXPRESSION = "expression"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of real code. Nothing of it comes out of a macro or another file."""

    kind: PieceKind
    start: int
    end: int
    parts: tuple[Range, ...] = ()  # connections, arms, fields, statements: what it is a list of
    keys: tuple[str, ...] = ()  # what each part is about: port, labels, field, register
    about: str = ""  # the module instantiated, the enum of a case
    is_whole: bool = True  # the case names every value of its enum


@dataclass(frozen=True, slots=True)
class PiecesRequest:
    """Which pieces the main file has."""

    file: DiagnosticsRequest


@dataclass(frozen=True, slots=True)
class ErrorsRequest:
    """Which errors slang has for the main file and what it names; nothing is left out or softened."""

    file: DiagnosticsRequest


@dataclass(frozen=True, slots=True)
class FileError:
    """One error of slang."""

    code: str
    message: str
    line1: int  # in the file it is in; not compared, it shifts
    is_syntax: bool  # of the preprocessor, the lexer or the parser
    is_own: bool  # in the main file


@dataclass(frozen=True, slots=True)
class Errors:
    """All errors of one text. *failure*: why slang could not be asked; "" when it was."""

    errors: tuple[FileError, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces of one text, by start."""

    pieces: tuple[Piece, ...] = ()
