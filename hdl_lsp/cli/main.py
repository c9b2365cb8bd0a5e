"""The `hdl-lsp` command: finds the verb, parses its arguments, turns failures into exit codes.

Must not do a verb's work: each verb is a module with `add_arguments(parser)` and `run(options) -> int`, imported
only when it is used, so that `hdl-lsp serve` starts as fast as Python can.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hdl_lsp import __version__
from hdl_lsp.cli.exits import ENVIRONMENT, USAGE
from hdl_lsp.errors import HdlLspError, UsageError

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "serve": "speak LSP on standard input and output; what an editor starts",
        "check": "print what slang finds, in the given files or the whole project",
        "review": "review a design: deterministic findings first, then the model's, each with its evidence",
        "complete": "print what would be suggested at a place",
        "explain": "explain the code at a place in words, on slang's facts",
        "query": "ask as an editor does: hover, definition, references, completion, signature, symbols, workspace",
        "rename": "rename what stands at a place everywhere, if that can be proved; prints a diff",
        "doctor": "say what was found and decided: project, settings, slang, model, device",
        "init": "propose an hdl-lsp.toml for a folder that has none, and show what each line is worth",
        "models": "list, describe and fetch models",
        "bench": "measure the server on a real design and print the table of docs/benchmarks.md",
        "eval": "measure how often answers are right: every name of a design, conformance tests, renames, suggestions",
        "stats": "show how many suggestions were accepted, if counting is switched on",
        "demo": "show the main job on the Ibex core",
    }
)


def _parser(verb: str) -> argparse.ArgumentParser:
    """The whole parser; of the verbs' own arguments only *verb*'s are loaded."""
    parser = argparse.ArgumentParser(
        prog="hdl-lsp",
        description="A language server for SystemVerilog and Verilog with a local model inside.",
    )
    parser.add_argument("--version", action="version", version=f"hdl-lsp {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    for name, summary in VERBS.items():
        sub = verbs.add_parser(name, help=summary, description=_sentence(summary))
        if name == verb:
            _load(name, sub)
    return parser


def _sentence(summary: str) -> str:
    return summary[0].upper() + summary[1:] + "."


def _load(verb: str, parser: argparse.ArgumentParser) -> None:
    module = importlib.import_module(f"hdl_lsp.cli.{verb}")
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)


def _parser_of(verb: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"hdl-lsp {verb}", description=_sentence(VERBS[verb]))
    _load(verb, parser)
    return parser


def help_texts() -> Mapping[str, str]:
    """`hdl-lsp VERB --help` of every verb, at 100 columns."""
    os.environ["COLUMNS"] = "100"
    return {name: _parser_of(name).format_help() for name in VERBS}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb; the process's exit status (0 clean, 1 findings, 2 usage, 3 environment)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    verb = next((word for word in given if not word.startswith("-")), "")
    parser = _parser(verb)
    options = parser.parse_args(given)
    if not options.verb:
        parser.print_help()
        return USAGE
    try:
        return options.run(options)
    except UsageError as error:
        sys.stderr.write(f"hdl-lsp {options.verb}: {error}\n")
        return USAGE
    except HdlLspError as error:
        sys.stderr.write(f"hdl-lsp {options.verb}: {error}\n")
        return ENVIRONMENT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
