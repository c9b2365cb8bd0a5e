"""What insertions at one place of a file do to slang's findings about it.

For the analysis process only. Must not soften anything, as diagnose.py does for an editor: a suggestion has no right
to what a person's file is forgiven. Must not decide what may be shown either: postprocess/gate.py does.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyslang

from hdl_lsp.semantics.assignment_style import odd_assignments
from hdl_lsp.semantics.branch_at import branch_at
from hdl_lsp.semantics.checked import Checked, Problem, Reading
from hdl_lsp.semantics.compile import Compiled, Compiler, gave_up
from hdl_lsp.semantics.diagnose import code_name
from hdl_lsp.semantics.doubtful_names import doubtful_names
from hdl_lsp.semantics.finding_codes import (
    ALONE_ARTEFACTS,
    DEFAULT_TYPE_ARTEFACTS,
    DEFAULT_VALUE_ARTEFACTS,
    INCLUDE_CODES,
    MACRO_CODES,
    NOT_A_MEMBER,
    STANDARD_WARNINGS,
    UNDECLARED,
    UNKNOWN_SCOPES,
    UNKNOWN_UNITS,
)
from hdl_lsp.semantics.flow import analyzed
from hdl_lsp.semantics.request import CheckRequest, CompileOptions, DiagnosticsRequest
from hdl_lsp.semantics.tree_cache import ParsedText
from hdl_lsp.text.source import SourceText, Span, encode, span

WARNINGS = ("width-trunc", "port-width-trunc", "sign-compare", "arith-op-mismatch")
"""What a suggestion is warned of beyond the standard: truncated values, mixed signs."""

MOST_ELSEWHERE = 2
"""Sets of macros for which all files are kept parsed once more."""

_MAY_RECUR = frozenset(
    {
        *UNKNOWN_UNITS,
        *MACRO_CODES,
        *INCLUDE_CODES,
        *DEFAULT_TYPE_ARTEFACTS,
        *DEFAULT_VALUE_ARTEFACTS,
    }
) - {"UnknownMember"}
_NAMES = UNDECLARED | NOT_A_MEMBER
_UNFINISHED = frozenset({"UnconnectedInputPort", "UnconnectedOutputPort", "UnconnectedInOutPort"})
"""Warnings that only say that somebody is still writing."""

_GAPS = UNKNOWN_SCOPES | MACRO_CODES | INCLUDE_CODES
_FOREIGN = UNKNOWN_UNITS | _NAMES | _GAPS
"""What a file of the context lacks tells nothing: its own needs are not compiled along."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found in the text without insertions, and what it was compiled with."""

    data: bytes
    options: CompileOptions
    context: tuple[ParsedText, ...]
    reading: Reading

    def is_of(self, other: _Known) -> bool:
        """Both are about the same texts: unchanged ones are never parsed twice."""
        return (
            (self.data, self.options) == (other.data, other.options)
            and len(self.context) == len(other.context)
            and all(map(operator.is_, self.context, other.context))
        )


class _Elsewhere(defaultdict[tuple[tuple[str, str], ...], Compiler]):
    """A compiler for each of the last few sets of macros that were defined besides."""

    def __missing__(self, key: tuple[tuple[str, str], ...]) -> Compiler:
        while len(self) >= MOST_ELSEWHERE:
            del self[next(iter(self))]
        return super().__missing__(key)


class Candidates:
    """Checks insertions; remembers what it found without any, which several checks of one text ask for."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._elsewhere = _Elsewhere(Compiler)  # for branches that are not taken
        self._known: _Known | None = None

    def checked(self, request: CheckRequest) -> Checked:
        """Findings about the main file as it is, and with each of the insertions; never raises.

        A cursor in an `ifdef branch is looked at as if that branch were taken: slang sees no other.
        """
        asked = request.before
        here = branch_at(encode(asked.main.text or ""), request.offset)
        found = self._in(self._compiler, asked, here.data, request)
        known = {name for name, _ in asked.options.defines}
        defines = tuple((name, "") for name in here.names if name not in known)
        if not defines or not any(
            problem.code in NOT_A_MEMBER for after in found.after for problem in after.problems
        ):
            return found
        # A port may be missing only because its file was read without the macros of this branch.
        options = replace(asked.options, defines=(*asked.options.defines, *defines))
        return self._in(
            self._elsewhere[defines], replace(asked, options=options), here.data, request
        )

    def _in(
        self, compiler: Compiler, asked: DiagnosticsRequest, data: bytes, request: CheckRequest
    ) -> Checked:
        offset = request.offset
        after: list[Reading] = []
        context: tuple[ParsedText, ...] = ()
        for new in map(encode, request.insertions):
            text = data[:offset] + new + data[offset:]
            reading, context = _read(compiler, asked, text, span(offset, offset + len(new)))
            after.append(reading)
        if not any(reading.problems for reading in after):
            return Checked(Reading(), tuple(after))
        wanted = _Known(data, asked.options, context, Reading())
        if self._known is None or not self._known.is_of(wanted):
            before, context = _read(compiler, asked, data, span(0, 0))
            self._known = replace(wanted, context=context, reading=before)
        return Checked(self._known.reading, tuple(after))


def _read(
    compiler: Compiler, asked: DiagnosticsRequest, data: bytes, inserted: Span
) -> tuple[Reading, tuple[ParsedText, ...]]:
    """What slang finds in *data*, and the other files that were compiled along."""
    text = SourceText(data)
    main = replace(asked.main, digest=text.digest, text=text.text)
    try:
        done = compiler.built(replace(asked, main=main), is_lenient=False)
        if done is None:
            return Reading(failure="the file can't be read"), ()
        return Reading(tuple(_problems(done, asked.options, inserted))), done.context
    except RuntimeError as err:
        return Reading(failure=gave_up(err)), ()


def _problems(done: Compiled, options: CompileOptions, inserted: Span) -> Iterator[Problem]:
    found = [*done.compilation.getAllDiagnostics(), *analyzed(done.compilation, with_unused=False)]
    engine = pyslang.DiagnosticEngine(done.cache.manager)
    engine.setErrorLimit(0)
    engine.setWarningOptions([*STANDARD_WARNINGS, *WARNINGS, *options.warnings])
    names = [code_name(one.code) for one in found]
    syntax = {(code_name(one.code), one.location.offset) for one in done.main.tree.diagnostics}
    has_gaps = not _GAPS.isdisjoint(names)
    for one, name in zip(found, names, strict=True):
        severity = engine.getSeverity(one.code, one.location).name
        start = done.locations.used_in_main(one.location)
        is_error = severity in ("Error", "Fatal")
        if not is_error and (severity != "Warning" or start is None or name in _UNFINISHED):
            continue
        if start is None and name in _FOREIGN:
            continue
        if name in ALONE_ARTEFACTS and not (start is not None and inserted.contains(start)):
            continue
        yield Problem(
            code=name,
            message=engine.formatMessage(one),
            start=start,
            is_error=is_error,
            is_syntax=(name, one.location.offset) in syntax,
            may_recur=name in _MAY_RECUR or (has_gaps and name in _NAMES),
        )
    if inserted.length and not UNKNOWN_SCOPES.isdisjoint(names):
        for start, name in doubtful_names(done.main, inserted, done.context).items():
            message = f"use of undeclared identifier '{name}'"
            yield Problem("UndeclaredIdentifier", message, start, is_error=True)
    if b"=" in done.main.text.data[inserted.start : inserted.end]:
        for start, message in odd_assignments(done.main, inserted).items():
            yield Problem("OddAssignment", message, start, is_error=False)
