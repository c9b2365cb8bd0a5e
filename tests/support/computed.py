"""Asks one computed rule at the cursor of a fixture, and has slang judge what it says.

Must not choose among rules: rules.computed() does.
"""

from __future__ import annotations

from hdl_lsp.computed.suggestion import Asked, Rule
from hdl_lsp.context import site
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import closure
from tests.support.fixture import Fixture, parse_fixture


def suggested(rule: Rule, fixture: str, *, facts: bool = False) -> tuple[str, ...]:
    """The texts that *rule* suggests at the cursor, best first; each compiles without a new error."""
    at = parse_fixture(fixture)
    snapshot = at.snapshot()
    place = site.at(snapshot, at.file, at.offset)
    if place is None:
        return ()
    found = rule(Asked(snapshot, place, snapshot.facts(at.file) if facts else None))
    before = _errors(at, place.text)
    for one in found:
        after = _errors(at, place.spliced(one.text))
        assert len(after) <= len(before), f"{one.text!r} brings {after}"
    return tuple(one.text for one in found)


def _errors(at: Fixture, text: SourceText) -> list[str]:
    """The messages of the errors slang finds in *text* as the fixture's file."""
    request = closure.diagnostics_request(at.snapshot(), at.file, text)
    return [
        one.message
        for one in Compiler().diagnostics(request).diagnostics
        if one.severity is Severity.ERROR
    ]
