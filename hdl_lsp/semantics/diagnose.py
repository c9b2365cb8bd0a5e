"""Which of slang's findings the user should see for one file, how severe, and where exactly.

A user's correct file must never turn red because we compiled it alone, with guessed tops or without its
project's settings. So three kinds of findings are left out: artefacts of default parameters, what a missing
macro, header or package may have caused in a project nobody configured, and everything in other files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyslang
from pyslang import ast

from hdl_lsp.semantics.facts import Diagnostic, Related, Severity
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

MACRO_CODES = frozenset({"UnknownDirective"})
INCLUDE_CODES = frozenset({"CouldNotOpenIncludeFile"})

UNKNOWN_UNITS = frozenset(
    {"UnknownModule", "UnknownPackage", "UnknownInterface", "UnknownPrimitive", "UnknownLibrary"}
)
"""Design units that are nowhere: an error in a configured project, information in one nobody configured."""

DEFAULT_TYPE_ARTEFACTS = frozenset(
    {
        "InvalidMemberAccess",
        "NotAStruct",
        "BadConversion",
        "BadAssignment",
        "BadAssignmentPatternType",
        "AssignmentPatternMissingElements",
        "BadSystemSubroutineArg",
        "BadIndexExpression",
        "CannotIndexScalar",
        "BadUnaryExpression",
        "BadBinaryExpression",
        "BadReplicationExpression",
        "BadConcatExpression",
        "NotBooleanConvertible",
        "UnknownMember",
        "TypeIsNotAClass",
        "BadPatternType",
    }
)
"""Errors that a module with `parameter type T = logic` gives when it stands alone."""

DEFAULT_VALUE_ARTEFACTS = frozenset(
    {
        "IndexOOB",
        "RangeOOB",
        "BadRangeExpression",
        "RangeWidthOOB",
        "IndexValueInvalid",
        "SelectEndianMismatch",
        "SelectEndianDynamic",
        "ValueMustBePositive",
        "ValueMustNotBeNegative",
        "ValueMustNotBeUnknown",
        "ValueExceedsMaxBitWidth",
        "ObjectTooLarge",
        "ConstEvalAssertionFailed",
        "ConstEvalArrayIndexInvalid",
        "ConstEvalPartSelectInvalid",
        "ReplicationZeroOutsideConcat",
        "PackedDimsRequireFullRange",
        "PackedArrayTooLarge",
        "PackedTypeTooLarge",
        "StaticAssert",
        "ErrorTask",
        "FatalTask",
        "InvalidEnumBase",
        "EnumValueOutOfRange",
        "ParamHasNoValue",
        "DynamicNotProcedural",
        "PortWidthExpand",
        "PortWidthTruncate",
        "WidthTruncate",
        "WidthExpand",
        "ZeroWidthRange",
        "MaxGenerateStepsExceeded",
        "UnconnectedArg",
        "MaxInstanceDepthExceeded",
    }
)
"""Findings that depend on parameter values nobody has given: we elaborate with the defaults."""

ALONE_ARTEFACTS = frozenset(
    {
        "TopModuleIfacePort",
        "TopModuleRefPort",
        "TopModuleUnnamedRefPort",
        "InvalidTopModule",
        "MissingTimeScale",
        "UnknownDefParam",
        "NoTopModules",
        "MaxInstanceDepthExceeded",
        "UnresolvedHierarchicalPath",
        "CouldNotResolveHierarchicalPath",
        "InvalidModportAccess",
        "InterfacePortNotConnected",
        "InfinitelyRecursiveHierarchy",
        "BindTargetInstance",
    }
)
"""Findings about the hierarchy above, which a shallow compilation doesn't have."""

WORD = re.compile(rb"`?[A-Za-z_$][\w$]*|'?[\d][\w'.]*|[^\s\w]")
NOTE = re.compile(r"^(?P<path>.*):(?P<line>\d+):(?P<column>\d+): note: (?P<message>.*)$", re.M)


@dataclass(frozen=True, slots=True)
class Findings:
    """The diagnostics to show, and what was taken out of them."""

    diagnostics: tuple[Diagnostic, ...]
    missing_macros: tuple[str, ...]
    missing_includes: tuple[str, ...]


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

    def findings(self, found: Iterable[pyslang.Diagnostic]) -> Findings:
        """What to show of *found*, sorted by place."""
        engine = pyslang.DiagnosticEngine(self.manager)
        engine.setErrorLimit(0)
        # slang's own command line starts from this group; without it every warning there is would be on.
        engine.setWarningOptions(["default", *self.options.warnings])
        diagnostics = list(found)
        macros, includes, has_unknown_package, first = self._missing(diagnostics)
        has_gaps = not self.options.is_configured and bool(
            macros or includes or has_unknown_package
        )
        kept: dict[tuple[Span, str, str], Diagnostic] = {}
        related_left = MAX_RELATED
        for diagnostic in diagnostics:
            start = self.locations.used_in_main(diagnostic.location)
            if start is None or len(kept) >= MAX_DIAGNOSTICS:
                continue
            level = engine.getSeverity(diagnostic.code, diagnostic.location).name
            severity = SEVERITIES.get(level)
            name = code_name(diagnostic.code)
            if severity is None or self._is_artefact(diagnostic, name, severity):
                continue
            if not self.options.is_configured:
                if name in MACRO_CODES or name in INCLUDE_CODES:
                    continue
                if name in UNKNOWN_UNITS:
                    severity = Severity.INFORMATION
                elif (
                    has_gaps
                    and severity is Severity.ERROR
                    and self._may_follow(diagnostic, start, first if (macros or includes) else None)
                ):
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
            kept[key] = Diagnostic(
                span=where,
                severity=severity,
                code=engine.getOptionName(diagnostic.code) or name,
                message=message,
                related=related,
                is_unused=name.startswith("Unused"),
            )
        ordered = tuple(sorted(kept.values(), key=lambda d: (d.span, d.code)))
        return Findings(ordered, macros, includes)

    def _missing(
        self, found: list[pyslang.Diagnostic]
    ) -> tuple[tuple[str, ...], tuple[str, ...], bool, int]:
        macros: dict[str, None] = {}
        includes: dict[str, None] = {}
        has_unknown_package = False
        first = self.text.size_bytes
        for diagnostic in found:
            name = code_name(diagnostic.code)
            if name in MACRO_CODES:
                macros[_argument(diagnostic).lstrip("`")] = None
            elif name in INCLUDE_CODES:
                includes[_argument(diagnostic)] = None
            elif name == "UnknownPackage":
                has_unknown_package = True
                continue
            else:
                continue
            start = self.locations.used_in_main(diagnostic.location)
            first = min(first, 0 if start is None else start)
        return tuple(macros), tuple(includes), has_unknown_package, first

    def _may_follow(
        self, diagnostic: pyslang.Diagnostic, start: int, first_gap: int | None
    ) -> bool:
        """The error can come from a macro, header or package that we don't have.

        Errors of names and types may lie anywhere. Syntax errors can only follow the first gap.
        """
        is_syntax = str(diagnostic.code.getSubsystem()).rpartition(".")[2] in {
            "Lexer",
            "Parser",
            "Preprocessor",
        }
        return not is_syntax or (first_gap is not None and start >= first_gap)

    def _is_artefact(self, diagnostic: pyslang.Diagnostic, name: str, severity: Severity) -> bool:
        if name in ALONE_ARTEFACTS:
            return True
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
        found: list[Related] = []
        for note in NOTE.finditer(client.getString()):
            related = self._note(note)
            if related is not None:
                found.append(related)
        return tuple(found)

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
