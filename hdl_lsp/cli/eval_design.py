"""The arguments that say which design is evaluated.

Must not evaluate anything.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_design_arguments(parser: argparse.ArgumentParser) -> None:
    """DESIGN, its file list, tops and macros."""
    parser.add_argument("design", type=Path, metavar="DESIGN", help="the design's folder")
    parser.add_argument(
        "--file-list",
        type=Path,
        metavar="FILE",
        help="the design's files, as simulators read them; without it, those that the top needs",
    )
    parser.add_argument(
        "--top", action="append", default=[], metavar="MODULE", help="top module; needed"
    )
    parser.add_argument(
        "--define", "-D", action="append", default=[], metavar="NAME[=VALUE]", help="a macro"
    )
