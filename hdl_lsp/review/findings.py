"""A finding and the evidence under it.

Must not know where findings come from or how they are printed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from hdl_lsp.semantics.facts import Severity
from hdl_lsp.text.source import Span


class Origin(Enum):
    """Who says so. A tool's findings are facts; the model's are judgements about facts."""

    SLANG = "slang"
    RULE = "hdl-lsp"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a tool can check: what, and where."""

    fact: str
    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `line_text` is the source line, stripped; the fingerprint survives when lines move."""

    rule: str
    severity: Severity
    path: str  # absolute
    span: Span
    message: str
    evidence: tuple[Evidence, ...]
    origin: Origin
    line_text: str = ""
    fingerprint: str = ""


SEVERITY_ORDER = {severity: rank for rank, severity in enumerate(Severity)}
_ORIGIN_ORDER = {origin: rank for rank, origin in enumerate(Origin)}


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Tools before the model, then by file and place; what is equal is said once."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (
                _ORIGIN_ORDER[f.origin] == _ORIGIN_ORDER[Origin.MODEL],
                f.path,
                f.span,
                f.rule,
            ),
        )
    )


def with_fingerprints(findings: Iterable[Finding], root: str) -> tuple[Finding, ...]:
    """The findings with fingerprints of rule, path below *root*, line text, and how manieth such line it is."""
    seen: Counter[tuple[str, str, str]] = Counter()
    done: list[Finding] = []
    for finding in findings:
        path = finding.path.removeprefix(root).lstrip("/\\").replace("\\", "/")
        key = (finding.rule, path, finding.line_text)
        seen[key] += 1
        digest = hashlib.sha256("\0".join((*key, str(seen[key]))).encode()).hexdigest()
        done.append(replace(finding, fingerprint=digest[:20]))
    return tuple(done)
