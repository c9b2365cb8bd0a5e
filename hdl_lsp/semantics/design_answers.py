"""Answers to follow-up questions about the design that was elaborated last.

Must run in an analysis process only.
"""

from __future__ import annotations

from typing import assert_never

from hdl_lsp.semantics.design_query import (
    NO_TOP,
    ChildrenOf,
    DesignQuestion,
    InstanceAt,
    InstancePage,
    InstancesOf,
    NotElaborated,
    QuestionAnswer,
    SignalOf,
    ValuesOf,
)
from hdl_lsp.semantics.design_signals import signal_at
from hdl_lsp.semantics.design_values import values_of
from hdl_lsp.semantics.elaborated import Elaborated


def answer(design: Elaborated | None, asked: DesignQuestion) -> QuestionAnswer | NotElaborated:
    """The answer; NotElaborated when *design* is not the version asked about."""
    if design is None or asked.version not in (0, design.version):
        return NotElaborated()
    question = asked.question
    if design.is_lint_only:
        return NotElaborated(NO_TOP)
    match question:
        case ChildrenOf():
            return design.tree.page(question.path, question.start, question.limit)
        case InstancesOf():
            return design.tree.page_of(question.definition, question.start, question.limit)
        case InstanceAt():
            return _instance_at(design, question.path)
        case SignalOf():
            return signal_at(design, question)
        case ValuesOf():
            return values_of(design, question)
        case _:
            assert_never(question)


def _instance_at(design: Elaborated, path: str) -> InstancePage:
    found = design.tree.find(path)
    if found is None or found.rest:
        return InstancePage((), 0, 0, is_known=False)
    return InstancePage((design.tree.told(found.path, found.child),), 0, 1)
