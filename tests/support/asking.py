"""A real Ask for tests: slang resolves names in this process.

Must not answer from anything but slang.
"""

from __future__ import annotations

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.name_uses import NamesFound, NamesRequest
from hdl_lsp.semantics.resolution import Resolver
from hdl_lsp.workspace.use_search import Ask


def asker(seen: list[NamesRequest] | None = None) -> Ask:
    """Answers by a process's own resolver; each request is appended to *seen*."""
    resolver = Resolver(Compiler(), Designer())

    async def ask(request: NamesRequest) -> NamesFound | None:
        if seen is not None:
            seen.append(request)
        return resolver.answer(request)

    return ask
