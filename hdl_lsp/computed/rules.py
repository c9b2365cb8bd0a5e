"""The order in which rules are asked: the first that has an answer wins.

Must not judge the answers: whether slang accepts one is asked by the feature.
"""

from __future__ import annotations

from hdl_lsp.computed.array_literal import array_literal
from hdl_lsp.computed.case_arms import case_arms
from hdl_lsp.computed.end_label import end_label
from hdl_lsp.computed.extern_method import extern_method
from hdl_lsp.computed.fsm_skeleton import fsm_skeleton
from hdl_lsp.computed.package_import import package_import
from hdl_lsp.computed.parameter_map import parameter_map
from hdl_lsp.computed.port_map import port_map
from hdl_lsp.computed.reset_branch import reset_branch
from hdl_lsp.computed.series import series
from hdl_lsp.computed.struct_literal import struct_literal
from hdl_lsp.computed.suggestion import Asked, Computed, Rule

RULES: tuple[Rule, ...] = (
    port_map,
    parameter_map,
    end_label,
    series,
    case_arms,
    reset_branch,
    struct_literal,
    array_literal,
    fsm_skeleton,
    extern_method,
    package_import,
)


def computed(asked: Asked) -> tuple[Computed, ...]:
    """What follows from the design at this place, best first; () where nothing does."""
    for rule in RULES:
        found = rule(asked)
        if found:
            return found
    return ()
