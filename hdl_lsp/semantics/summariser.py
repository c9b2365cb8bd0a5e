"""FileSummary of one text, with slang. Others call summarise.py, which brings this when it is first needed.

Must not raise, whatever the text: broken HDL gives a summary of what is left of it.
"""

from __future__ import annotations

import logging

import pyslang

from hdl_lsp.semantics.declarations import DeclarationCollector
from hdl_lsp.semantics.inactive import declared_in, inactive_spans
from hdl_lsp.semantics.lexical import Lexis, lexis
from hdl_lsp.semantics.parse import NestingTooDeepError, ParsedText, parse
from hdl_lsp.semantics.request import FAILED_CODE
from hdl_lsp.semantics.summary import FileSummary, SyntaxProblem
from hdl_lsp.text.source import SourceText, span

log = logging.getLogger(__name__)

_FRAGMENT_CODE = "NotAllowedInCU"
_HEADER_SUFFIXES = (".svh", ".vh", ".inc", ".h")

MAX_PROBLEMS = 200  # a file that is no HDL at all has one per line

_MACRO_CODES = frozenset(
    {"UnknownDirective", "CouldNotOpenIncludeFile", "ExpectedIncludeFileName", "TooManyLexerErrors"}
)


def summarise(text: SourceText, path: str = "") -> FileSummary:
    """As summarise.summarise() says."""
    names = lexis(text.data)
    try:
        parsed = parse(text.data, names)
    except NestingTooDeepError:
        log.info("nesting too deep to be parsed: %s", path)
        return _lexical_summary(names, (_too_deep(text),))
    collector = DeclarationCollector(parsed, text.data, names)
    collector.run()
    branches = inactive_spans(names.code)
    if branches:
        declared_in(branches, text.data, names, collector)
    return FileSummary(
        decls=tuple(collector.decls),
        instances=tuple(collector.instances),
        imports=tuple(collector.imports),
        macros=names.macros,
        macro_uses=names.macro_uses,
        includes=names.includes,
        scoped_names=names.scoped_names,
        problems=_problems(parsed, text, path),
        identifiers=names.identifiers,
    )


def summarise_unparsed(text: SourceText, failure: str) -> FileSummary:
    """What *text* names, without slang; *failure* says why, and becomes its one problem."""
    problem = SyntaxProblem(FAILED_CODE, failure, text.line_span(0))
    return _lexical_summary(lexis(text.data), (problem,))


def _lexical_summary(names: Lexis, problems: tuple[SyntaxProblem, ...]) -> FileSummary:
    """What is known without a tree."""
    return FileSummary(
        macros=names.macros,
        macro_uses=names.macro_uses,
        includes=names.includes,
        scoped_names=names.scoped_names,
        problems=problems,
        identifiers=names.identifiers,
    )


def _too_deep(text: SourceText) -> SyntaxProblem:
    """The parser gave up: at the first line, because it does not say where."""
    return SyntaxProblem(
        "ParseTreeTooDeep", "language constructs are too deeply nested", text.line_span(0)
    )


def _problems(parsed: ParsedText, text: SourceText, path: str) -> tuple[SyntaxProblem, ...]:
    """Errors and warnings of the preprocessor and the parser that lie in this text, in its order."""
    manager = parsed.manager
    engine = pyslang.DiagnosticEngine(manager)
    buffer = parsed.buffer
    found: list[SyntaxProblem] = []
    for problem in parsed.tree.diagnostics:
        name = str(problem.code).removeprefix("DiagCode(").removesuffix(")")
        location = manager.getFullyExpandedLoc(problem.location)
        if name in _MACRO_CODES or location.buffer != buffer:
            continue
        if name == _FRAGMENT_CODE and path.endswith(_HEADER_SUFFIXES):
            continue  # meant to be included inside a module
        severity = engine.getSeverity(problem.code, problem.location)
        is_error = severity in {pyslang.DiagnosticSeverity.Error, pyslang.DiagnosticSeverity.Fatal}
        if not is_error and (
            severity != pyslang.DiagnosticSeverity.Warning
            or text.data.startswith(b"`", location.offset)
        ):
            continue  # a warning about what stands for a masked macro is about nothing
        start = end = min(location.offset, text.size_bytes)
        for marked in problem.ranges:
            if marked.start.buffer == buffer == marked.end.buffer:
                start, end = min(start, marked.start.offset), max(end, marked.end.offset)
        found.append(
            SyntaxProblem(
                code=engine.getOptionName(problem.code) or name,
                message=engine.formatMessage(problem),
                span=span(start, min(end, text.size_bytes)),
                is_error=is_error,
            )
        )
        if len(found) == MAX_PROBLEMS:
            break
    return tuple(sorted(found, key=lambda problem: problem.span))
