"""What insertions at one place of a file do to its diagnostics.

For the analysis process only. Must not decide which of them may be shown: postprocess/gate.py does.
"""

from __future__ import annotations

from dataclasses import replace

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import Checked
from hdl_lsp.semantics.request import CheckRequest, Input
from hdl_lsp.text.source import SourceText, encode


def checked(compiler: Compiler, request: CheckRequest) -> Checked:
    """Diagnostics of the main file as it is, and with each of the insertions; never raises."""
    before = compiler.diagnostics(request.before)
    after = (compiler.diagnostics(replace(request.before, main=main)) for main in _mains(request))
    return Checked(before, tuple(after))


def _mains(request: CheckRequest) -> list[Input]:
    """The main file with each of the insertions."""
    main = request.before.main
    data = encode(main.text or "")
    start, end = data[: request.offset], data[request.offset :]
    texts = [SourceText(start + encode(one) + end) for one in request.insertions]
    return [replace(main, digest=text.digest, text=text.text) for text in texts]
