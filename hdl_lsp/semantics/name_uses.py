"""What slang says a few names mean, wherever they stand in some files: asked and answered.

Must not import pyslang (resolution.py answers, in an analysis process only). Frozen and picklable; paths are
absolute, offsets are bytes of the file at that path.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.semantics.request import DesignRequest, FactsRequest
from hdl_lsp.text.source import Span


@dataclass(frozen=True, slots=True)
class NamesRequest:
    """Every use of *names* in *files*.

    With *design* the whole design is elaborated first (or taken from the time before), and the files it
    reaches are answered by the real parameters of their instances, all others each by itself.
    """

    names: frozenset[str]
    files: tuple[FactsRequest, ...]
    design: DesignRequest | None = None
    with_problems: bool = False  # also what slang finds wrong


@dataclass(frozen=True, slots=True)
class Meaning:
    """A declaration: where its name starts. path None: declared nowhere on disk."""

    path: str | None
    start: int


@dataclass(frozen=True, slots=True)
class NameUse:
    """One use. `means` has several entries when instances of the module differ; () when slang doesn't know."""

    span: Span
    name: str
    means: tuple[Meaning, ...]
    is_expanded: bool = False
    """It comes out of the body of a macro that is used at `span.start`; it is not written there."""


@dataclass(frozen=True, slots=True)
class FileNames:
    """The uses in one file, sorted."""

    path: str
    digest: str
    uses: tuple[NameUse, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    is_elaborated: bool = False  # by the instances of the whole design
    failure: str = ""


@dataclass(frozen=True, slots=True)
class NamesFound:
    """The answer to a NamesRequest, files in its order."""

    files: tuple[FileNames, ...]
    problems: tuple[tuple[str, Diagnostic], ...] = ()  # of the whole design, by path
    failure: str = ""  # why the whole design could not be elaborated
