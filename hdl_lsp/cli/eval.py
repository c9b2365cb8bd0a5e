"""`hdl-lsp eval`: how often the answers are right, on a real design or on conformance tests."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "language": "definition, hover and references at every identifier of a design, against slang's elaboration",
        "sv-tests": "legal and illegal files of an sv-tests checkout are accepted and rejected as their headers say",
        "completion": "ghost text where real code was taken out: how often it is shown, right, and free of new errors",
        "rename": "rename symbols of a design and elaborate again: no new error, nothing missed",
    }
)
"""What can be evaluated; each has a module of its own, cli/eval_KIND.py, shaped like that of a verb."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp eval`."""
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for kind, summary in KINDS.items():
        sub = kinds.add_parser(kind, help=summary, description=summary[0].upper() + summary[1:])
        module = importlib.import_module(f"hdl_lsp.cli.eval_{kind.replace('-', '_')}")
        module.add_arguments(sub)
        sub.set_defaults(evaluate=module.run)


def run(options: argparse.Namespace) -> int:
    """0 when every bar is reached, 1 when one is missed."""
    return options.evaluate(options)
