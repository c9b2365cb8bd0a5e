"""What several designs tell, as one answer: a workspace folder is a design of its own.

Must not import pyslang, nor elaborate anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields

from hdl_lsp.semantics.design_facts import DesignCounts, DesignFacts
from hdl_lsp.semantics.facts import Diagnostic


def together(found: Sequence[DesignFacts]) -> DesignFacts:
    """All of *found*; a failure of one does not hide what the others tell."""
    if len(found) == 1:
        return found[0]
    diagnostics: dict[str, tuple[Diagnostic, ...]] = {}
    instances_of: Counter[str] = Counter()
    for one in found:
        for path, listed in one.diagnostics.items():
            # A file that two designs compile is as wrong as in either.
            diagnostics[path] = tuple(dict.fromkeys((*diagnostics.get(path, ()), *listed)))
        instances_of.update(one.instances_of)
    failures = dict.fromkeys(one.failure for one in found if one.failure)
    return DesignFacts(
        tops=tuple(dict.fromkeys(top for one in found for top in one.tops)),
        diagnostics=diagnostics,
        digests={path: digest for one in found for path, digest in one.digests.items()},
        instances_of=dict(instances_of),
        counts=DesignCounts(
            **{
                f.name: sum(getattr(one.counts, f.name) for one in found)
                for f in fields(DesignCounts)
            }
        ),
        is_lint_only=all(one.is_lint_only for one in found),
        failure="; ".join(failures) if len(failures) == len(found) else "",
    )
