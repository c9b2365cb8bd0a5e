"""Findings as JSON, for scripts.

Must not choose what is reported. Lines and columns count from 1, columns in characters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from hdl_lsp.review.findings import Finding

LineColumn = Callable[[str, int], tuple[int, int]]
"""1-based line and column of a byte offset in the file at a path."""


def report_json(findings: Iterable[Finding], line_column: LineColumn) -> str:
    """A list of objects, one for each finding, in their order."""

    def place(path: str, start: int, end: int) -> dict[str, object]:
        line, column = line_column(path, start)
        end_line, end_column = line_column(path, end)
        return {
            "path": path,
            "line": line,
            "column": column,
            "endLine": end_line,
            "endColumn": end_column,
        }

    rows = [
        {
            "rule": f.rule,
            "severity": f.severity.value,
            "origin": f.origin.value,
            "message": f.message,
            **place(f.path, f.span.start, f.span.end),
            "evidence": [
                {"fact": e.fact, **place(e.path, e.span.start, e.span.end)} for e in f.evidence
            ],
            "fingerprint": f.fingerprint,
        }
        for f in findings
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)
