"""A child process that sends back every line it gets."""

from __future__ import annotations

from hdl_lsp.workers.pipe import Framing, take_stdio

if __name__ == "__main__":
    pipe = take_stdio(Framing.LINES)
    while (line := pipe.read()) is not None:
        pipe.write(line)
