"""The whole design through slang's own driver, walked from its root.

Must not reuse anything that answers an editor's questions.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import shlex
from dataclasses import replace

from pyslang import ast, driver

from hdl_lsp.semantics.truth.ledger import Ledger
from hdl_lsp.semantics.truth.macros import MacroNames
from hdl_lsp.semantics.truth.names import SyntaxNames
from hdl_lsp.semantics.truth.record import DesignTruth, TruthRequest
from hdl_lsp.semantics.truth.values import Elaborated

MOST_ERRORS = 5  # messages that are handed on; they say whether the list and the top are right


def truth(request: TruthRequest) -> DesignTruth:
    """What every name of the design means.

    A module of the list that no instance of the tops is of would have no answer: it is elaborated as one more top,
    with its default parameters.
    """
    found, elaborated, unused = _walked(request)
    if not unused or not request.tops or found.failure:
        return found
    more, _, _ = _walked(replace(request, tops=(*request.tops, *unused)))
    if more.failure:
        return found
    return replace(more, errors=found.errors, first_errors=found.first_errors, instances=elaborated)


def _walked(request: TruthRequest) -> tuple[DesignTruth, int, tuple[str, ...]]:
    """One walk: what was found, how many instances, and the modules that none of them is of."""
    slang = driver.Driver()
    slang.addStandardArgs()
    if not slang.parseCommandLine(_command(request)):
        return DesignTruth(failure="slang does not accept an option"), 0, ()
    # A file that the list names and nobody has makes both of these false; the others are read all the same.
    slang.processOptions()
    slang.parseAllSources()
    if not slang.syntaxTrees:
        return DesignTruth(failure="slang cannot read the files of the list"), 0, ()
    compilation = slang.createCompilation()
    engine = slang.diagEngine
    errors = [
        engine.formatMessage(diagnostic)
        for diagnostic in compilation.getAllDiagnostics()
        if engine.getSeverity(diagnostic.code, diagnostic.location).name in {"Error", "Fatal"}
    ]
    ledger = Ledger(slang.sourceManager)
    values = Elaborated(ledger)
    values.walk(compilation)
    names = SyntaxNames(compilation, values, ledger)
    macros = MacroNames(ledger)
    units = {}
    for unit in compilation.getCompilationUnits():
        node = unit.syntax
        if node is not None:
            units[node.sourceRange.start.buffer.id] = unit
    for tree in slang.syntaxTrees:
        root = tree.root
        names.walk(root, units.get(root.sourceRange.start.buffer.id))
        macros.walk(root)
    found = replace(
        ledger.truth(),
        errors=len(errors),
        first_errors=tuple(dict.fromkeys(errors))[:MOST_ERRORS],
        instances=values.count,
    )
    unused = [
        definition.name
        for definition in compilation.getDefinitions()
        if isinstance(definition, ast.DefinitionSymbol)
        and definition.definitionKind == ast.DefinitionKind.Module
        and definition.name not in values.walked
    ]
    return found, values.count, tuple(unused)


def _command(request: TruthRequest) -> str:
    words = ["slang", "--error-limit", "0", "--timescale", "1ns/1ps", "--ignore-unknown-modules"]
    for top in request.tops:
        words += ["--top", top]
    if request.filelist:
        words += ["-f", request.filelist]
    for folder in request.include_dirs:
        words += ["-I", folder]
    for name, value in request.defines:
        words += ["-D", f"{name}={value}" if value else name]
    return shlex.join([*words, *request.files])
