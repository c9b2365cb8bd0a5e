"""Findings as SARIF 2.1.0 (OASIS), for code-scanning tools.

Must not choose what is reported. Evidence becomes related locations; fingerprints keep a finding's identity.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from hdl_lsp import __version__
from hdl_lsp.review.findings import Finding
from hdl_lsp.review.report_json import LineColumn
from hdl_lsp.semantics.facts import Severity

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
    Severity.HINT: "note",
}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report_sarif(findings: Iterable[Finding], line_column: LineColumn, root: str) -> str:
    """One run with one result for each finding; paths below *root* are relative to it (`SRCROOT`)."""

    def location(path: str, start: int, end: int) -> dict[str, object]:
        line, column = line_column(path, start)
        end_line, end_column = line_column(path, end)
        inside = Path(path).is_relative_to(root) if root else False
        artifact: dict[str, str] = (
            {"uri": quote(Path(path).relative_to(root).as_posix()), "uriBaseId": "SRCROOT"}
            if inside
            else {"uri": Path(path).as_uri()}
        )
        region = {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        }
        return {"physicalLocation": {"artifactLocation": artifact, "region": region}}

    found = tuple(findings)
    rules = sorted({f.rule for f in found})
    results = [
        {
            "ruleId": f.rule,
            "ruleIndex": rules.index(f.rule),
            "level": _LEVELS[f.severity],
            "message": {"text": f.message},
            "locations": [location(f.path, f.span.start, f.span.end)],
            "relatedLocations": [
                {"id": n, "message": {"text": e.fact}, **location(e.path, e.span.start, e.span.end)}
                for n, e in enumerate(f.evidence, 1)
            ],
            "partialFingerprints": {"hdlLsp/v1": f.fingerprint},
            "properties": {"origin": f.origin.value},
        }
        for f in found
    ]
    run = {
        "tool": {
            "driver": {
                "name": "hdl-lsp",
                "version": __version__,
                "rules": [{"id": rule, "name": rule} for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"uri": Path(root).as_uri() + "/"}} if root else {},
        "results": results,
    }
    return json.dumps(
        {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False
    )
