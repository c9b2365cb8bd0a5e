"""Which of slang's findings the user should see for one file, how severe, and where exactly.

A user's correct file must never turn red because we compiled it alone, with guessed tops or without its
project's settings. So three kinds of findings are left out: artefacts of default parameters, what a missing
macro, header or package may have caused in a project nobody configured, and everything in other files.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyslang
from pyslang import ast

from hdl_lsp.semantics.facts import Diagnostic, Related, Severity
from hdl_lsp.semantics.finding_codes import (
    ALONE_ARTEFACTS,
    DEFAULT_TYPE_ARTEFACTS,
    DEFAULT_VALUE_ARTEFACTS,
    INCLUDE_CODES,
    LATCH,
    MACRO_CODES,
    NOT_A_MEMBER,
    OUTSIDE_NAMES,
    PART_SYNTAX,
    SEVERAL_DRIVERS,
    SOFT,
    STANDARD_WARNINGS,
    UNDECLARED,
    UNKNOWN_SCOPES,
    UNKNOWN_UNITS,
    UNQUALIFIED,
    VALUE_CODES,
)
from hdl_lsp.semantics.flow import is_in_loop
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.request import CompileOptions
from hdl_lsp.text.source import SourceText, Span, span

SEVERITIES = {
    "Warning": Severity.WARNING,
    "Error": Severity.ERROR,
    "Fatal": Severity.ERROR,
}

MAX_DIAGNOSTICS = 500
"""More findings in one file than anyone reads; the first ones are kept."""

MAX_RELATED = 60
"""slang must format a finding in full to give its notes; only so many are asked for."""

WORD = re.compile(rb"`?[A-Za-z_$][\w$]*|'?[\d][\w'.]*|[^\s\w]")
DOTTED = re.compile(rb"[\w$]+\s*(?:\[[^\]\n]*\]\s*)*\.\s*[A-Za-z_\\]")
"""A name followed by a dot: it may be an instance above this file."""

NAMED_SELECT = re.compile(rb"[\w$.\s]*(?:\[[^\[\]]*\]\s*)*?\[[^\[\]]*(?<![\w'$])[A-Za-z_]")
"""A signal with a select that is not only of numbers."""

CONDITIONAL = re.compile(r"`(?P<word>ifn?def|endif)\b|(?P<name>[A-Za-z_]\w*)")
NOTE = re.compile(
    r"^(?P<path>.*):(?P<line>\d+):(?P<column>\d+): note: (?P<message>.*)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Findings:
    """The diagnostics to show, and what was taken out of them."""

    diagnostics: tuple[Diagnostic, ...]
    missing_macros: tuple[str, ...]
    missing_includes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Gaps:
    """What slang did not find: reasons for errors that are none."""

    macros: tuple[str, ...]
    includes: tuple[str, ...]
    has_unknown_scope: bool
    first: int | None
    """Offset of the first use of an unknown macro or header; None if all are known."""

    @property
    def is_any(self) -> bool:
        """Something is missing."""
        return bool(self.macros or self.includes or self.has_unknown_scope)


@dataclass(slots=True)
class Judge:
    """Filters and places the findings of one compilation."""

    text: SourceText
    locations: Locations
    manager: pyslang.SourceManager
    options: CompileOptions
    defaulted: frozenset[str]
    """Modules of the main file elaborated with default parameter values."""
    type_defaulted: frozenset[str]
    """Those of them with a type parameter."""
    text_at: Callable[[str], tuple[str, SourceText] | None]
    """Real path and text of a file by the path slang knows it under."""
    is_part: bool = False
    """The file declares no design unit: it is included somewhere, in a scope that isn't known here."""
    is_fragment: bool = False
    """Nothing in the file is a declaration of its own either: not even its grammar can be judged."""
    syntax: frozenset[tuple[str, int]] = frozenset()
    """(code, offset) of what the parser and the preprocessor found."""
    context: tuple[SourceText, ...] = ()
    """Texts of the other files compiled with it."""
    has_variants: Callable[[str], bool] = lambda _module: False
    """The module is elaborated with different parameters: a finding says for which instance."""

    def findings(self, found: Iterable[pyslang.Diagnostic]) -> Findings:
        """What to show of *found*, sorted by place."""
        engine = pyslang.DiagnosticEngine(self.manager)
        engine.setErrorLimit(0)
        engine.setWarningOptions([*STANDARD_WARNINGS, *self.options.warnings])
        diagnostics = list(found)
        gaps = self._gaps(diagnostics)
        kept: dict[tuple[Span, str, str], Diagnostic] = {}
        related_left = MAX_RELATED
        for diagnostic in diagnostics:
            start = self.locations.used_in_main(diagnostic.location)
            if start is None or len(kept) >= MAX_DIAGNOSTICS:
                continue
            level = engine.getSeverity(diagnostic.code, diagnostic.location).name
            name = code_name(diagnostic.code)
            severity = self._severity(diagnostic, name, SEVERITIES.get(level), start, gaps)
            if severity is None:
                continue
            message = engine.formatMessage(diagnostic)
            where = self._span(diagnostic, start)
            key = (where, name, message)
            if key in kept:
                continue
            related: tuple[Related, ...] = ()
            if related_left > 0:
                related_left -= 1
                related = self._related(engine, diagnostic)
            if isinstance(diagnostic.symbol, ast.InstanceSymbol):
                message += self._where(diagnostic.symbol)
            kept[key] = Diagnostic(
                span=where,
                severity=severity,
                code=engine.getOptionName(diagnostic.code) or name,
                message=message,
                related=related,
                is_unused=name.startswith("Unused"),
                depends_on_values=name in VALUE_CODES,
            )
        ordered = tuple(sorted(kept.values(), key=lambda d: (d.span, d.code)))
        return Findings(ordered, gaps.macros, gaps.includes)

    def _severity(
        self,
        diagnostic: pyslang.Diagnostic,
        name: str,
        severity: Severity | None,
        start: int,
        gaps: _Gaps,
    ) -> Severity | None:
        """How severe the finding is for the user; None: it is not to be shown."""
        if severity is None or self._is_artefact(diagnostic, name, start):
            return None
        if name in UNQUALIFIED:
            return severity
        if self.is_part and (name in OUTSIDE_NAMES or name in PART_SYNTAX or self.is_fragment):
            return None
        if name in SOFT:
            return Severity.WARNING
        if self.options.is_configured:
            is_above = name in UNDECLARED and DOTTED.match(self.text.data, start) is not None
            return Severity.WARNING if is_above else severity
        if name in MACRO_CODES or name in INCLUDE_CODES:
            return None
        if name in UNKNOWN_UNITS:
            return Severity.INFORMATION
        if severity is not Severity.ERROR:
            return severity
        if gaps.is_any and self._may_follow(diagnostic, start, gaps):
            return None
        if self._is_conditional(diagnostic, name):
            return None
        if name in UNDECLARED and DOTTED.match(self.text.data, start) is not None:
            return Severity.INFORMATION
        return severity

    def _gaps(self, found: list[pyslang.Diagnostic]) -> _Gaps:
        macros: dict[str, None] = {}
        includes: dict[str, None] = {}
        has_unknown_scope = False
        first: int | None = None
        for diagnostic in found:
            name = code_name(diagnostic.code)
            if name in UNKNOWN_SCOPES:
                has_unknown_scope = True
            if name in MACRO_CODES:
                macros[_argument(diagnostic).lstrip("`")] = None
            elif name in INCLUDE_CODES:
                includes[_argument(diagnostic)] = None
            else:
                continue
            start = self.locations.used_in_main(diagnostic.location) or 0
            first = start if first is None else min(first, start)
        return _Gaps(tuple(macros), tuple(includes), has_unknown_scope, first)

    def _may_follow(self, diagnostic: pyslang.Diagnostic, start: int, gaps: _Gaps) -> bool:
        """The error can come from a macro, header or package that we don't have.

        Errors of names and types may lie anywhere. Syntax errors can only follow the first gap.
        """
        is_syntax = (code_name(diagnostic.code), diagnostic.location.offset) in self.syntax
        return not is_syntax or (gaps.first is not None and start >= gaps.first)

    def _is_conditional(self, diagnostic: pyslang.Diagnostic, name: str) -> bool:
        """The name is spelled under some `ifdef of the file that should declare it.

        Nobody has said which macros are defined, so that it may well be there.
        """
        if name in UNDECLARED:
            return _argument(diagnostic) in conditional_names(self.text)
        if name in NOT_A_MEMBER:
            wanted = _argument(diagnostic)
            return any(wanted in conditional_names(t) for t in (self.text, *self.context))
        return False

    def _is_artefact(self, diagnostic: pyslang.Diagnostic, name: str, start: int) -> bool:
        if name in ALONE_ARTEFACTS:
            return True
        if name == LATCH:
            return is_in_loop(diagnostic)  # slang does not always know that the loop turns
        if name in SEVERAL_DRIVERS:
            is_defaulted = _module_of(diagnostic.symbol) in self.defaulted
            return is_defaulted and NAMED_SELECT.match(self.text.data, start) is not None
        if name in DEFAULT_TYPE_ARTEFACTS or name in DEFAULT_VALUE_ARTEFACTS:
            holder = _module_of(diagnostic.symbol)
            if name in DEFAULT_TYPE_ARTEFACTS and holder in self.type_defaulted:
                return True
            return name in DEFAULT_VALUE_ARTEFACTS and holder in self.defaulted
        return False

    def _span(self, diagnostic: pyslang.Diagnostic, start: int) -> Span:
        """The range slang marks around the finding, if it lies in the text; else the word there."""
        size = self.text.size_bytes
        if diagnostic.location.buffer.id == self.locations.main_buffer:
            for marked in diagnostic.ranges:
                low = self.locations.in_main(marked.start)
                high = self.locations.in_main(marked.end)
                if (
                    low is not None
                    and high is not None
                    and low <= start <= high <= size
                    and low < high
                ):
                    return span(low, high)
        return self._word(min(start, size))

    def _word(self, start: int) -> Span:
        data = self.text.data
        match = WORD.match(data, start)
        if match is not None:
            return span(start, match.end())
        # A missing semicolon is reported behind the last token: mark that token's last character.
        before = len(data[:start].rstrip())
        return span(max(0, before - 1), before) if before else span(0, min(1, len(data)))

    def _where(self, instance: ast.InstanceSymbol) -> str:
        """The instance that slang names when it has met others of the module without the finding.

        It has not met those that are like one before; a module whose instances are all alike needs no name.
        """
        is_one_of_many = self.has_variants(instance.definition.name)
        return f" (in {instance.hierarchicalPath})" if is_one_of_many else ""

    def _related(
        self, engine: pyslang.DiagnosticEngine, diagnostic: pyslang.Diagnostic
    ) -> tuple[Related, ...]:
        client = pyslang.TextDiagnosticClient()
        client.showColors(False)
        client.showSourceLine(False)
        client.showOptionName(False)
        client.showIncludeStack(False)
        client.showMacroExpansion(False)
        client.showAbsPaths(True)
        engine.clearClients()
        engine.addClient(client)
        engine.issue(diagnostic)
        found = (self._note(note) for note in NOTE.finditer(client.getString()))
        return tuple(one for one in found if one is not None)

    def _note(self, note: re.Match[str]) -> Related | None:
        known = self.text_at(note["path"])
        if known is None:
            return None
        path, text = known
        line0 = int(note["line"]) - 1
        if line0 >= text.line_count:
            return None
        start = min(text.line_starts[line0] + int(note["column"]) - 1, text.size_bytes)
        match = WORD.match(text.data, start)
        return Related(path, span(start, match.end() if match else start), note["message"])


def code_name(code: pyslang.DiagCode) -> str:
    """`UndeclaredIdentifier` of `DiagCode(UndeclaredIdentifier)`."""
    return str(code).removeprefix("DiagCode(").removesuffix(")")


def _argument(diagnostic: pyslang.Diagnostic) -> str:
    return next((a for a in diagnostic.args if isinstance(a, str)), "")


def _module_of(symbol: ast.Symbol | None) -> str:
    definition = symbol.declaringDefinition if symbol is not None else None
    return definition.name if definition is not None else ""


def conditional_names(text: SourceText) -> frozenset[str]:
    """Every identifier between an `ifdef or `ifndef and its `endif."""
    depth = 0
    found: set[str] = set()
    if b"`if" not in text.data:
        return frozenset()
    for match in CONDITIONAL.finditer(text.text):
        if match["word"]:
            depth = max(0, depth - 1) if match["word"] == "endif" else depth + 1
        elif depth:
            found.add(match["name"])
    return frozenset(found)
