"""What insertions at one place of a file do to slang's findings about it.

For the analysis process only. Must not soften anything, as diagnose.py does for an editor: a suggestion has no right
to what a person's file is forgiven. Must not decide what may be shown either: postprocess/gate.py does.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyslang

from hdl_lsp.semantics.assignment_style import odd_assignments
from hdl_lsp.semantics.branch_at import with_branch_at
from hdl_lsp.semantics.checked import Checked, Problem, Reading
from hdl_lsp.semantics.compile import Compiled, Compiler, gave_up
from hdl_lsp.semantics.diagnose import code_name
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
from hdl_lsp.text.source import SourceText, Span, encode, span

WARNINGS = ("width-trunc", "port-width-trunc", "sign-compare", "arith-op-mismatch")
"""What a suggestion is warned of beyond the standard: truncated values, mixed signs."""

_MAY_RECUR = frozenset(
    {
        *UNKNOWN_UNITS,
        *MACRO_CODES,
        *INCLUDE_CODES,
        *ALONE_ARTEFACTS,
        *DEFAULT_TYPE_ARTEFACTS,
        *DEFAULT_VALUE_ARTEFACTS,
    }
) - {"UnknownMember"}
_NAMES = UNDECLARED | NOT_A_MEMBER
_GAPS = UNKNOWN_SCOPES | MACRO_CODES | INCLUDE_CODES
_NEVER = frozenset({"MissingTimeScale", "TopModuleIfacePort", "NoTopModules"})
_FOREIGN = UNKNOWN_UNITS | _NAMES | _GAPS
"""What a file of the context lacks tells nothing: its own needs are not compiled along."""


def checked(compiler: Compiler, request: CheckRequest) -> Checked:
    """Findings about the main file as it is, and with each of the insertions; never raises.

    A cursor in an `ifdef branch is looked at as if that branch were taken: slang sees no other.
    """
    before = request.before
    data = with_branch_at(encode(before.main.text or ""), request.offset)
    start = data.rfind(b"\n", 0, request.offset) + 1
    after = tuple(
        _read(compiler, before, data[: request.offset] + new + data[request.offset :], window)
        for new in map(encode, request.insertions)
        for window in (span(start, request.offset + len(new)),)
    )
    if not any(reading.problems for reading in after):
        return Checked(Reading(), after)
    return Checked(_read(compiler, before, data, span(start, request.offset)), after)


def _read(compiler: Compiler, asked: DiagnosticsRequest, data: bytes, window: Span) -> Reading:
    text = SourceText(data)
    main = replace(asked.main, digest=text.digest, text=text.text)
    try:
        done = compiler.built(replace(asked, main=main), is_lenient=False)
        if done is None:
            return Reading(failure="the file can't be read")
        return Reading(tuple(_problems(done, asked.options, window)))
    except RuntimeError as err:
        return Reading(failure=gave_up(err))


def _problems(done: Compiled, options: CompileOptions, window: Span) -> Iterator[Problem]:
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
        if not is_error and (severity != "Warning" or start is None):
            continue
        if name in _NEVER or (start is None and name in _FOREIGN):
            continue
        yield Problem(
            code=name,
            message=engine.formatMessage(one),
            start=start,
            is_error=is_error,
            is_syntax=(name, one.location.offset) in syntax,
            may_recur=name in _MAY_RECUR or (has_gaps and name in _NAMES),
        )
    for start, message in odd_assignments(done.main, window).items():
        yield Problem("OddAssignment", message, start, is_error=False)
