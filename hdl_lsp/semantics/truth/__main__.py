"""The process of the full walk: reads a pickled TruthRequest from stdin, writes a pickled DesignTruth to stdout.

Must not be started by a server: it holds the GIL for seconds.
"""

from __future__ import annotations

import os
import pickle
import sys

from hdl_lsp.semantics.truth.design import truth
from hdl_lsp.semantics.truth.record import TruthRequest


def main() -> None:
    """One request, one answer. What slang prints goes to stderr."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    request = pickle.load(sys.stdin.buffer)
    if not isinstance(request, TruthRequest):
        raise TypeError(f"not a TruthRequest: {type(request).__name__}")
    with answer:
        pickle.dump(truth(request), answer, protocol=pickle.HIGHEST_PROTOCOL)
        answer.flush()
    # slang's objects are not worth tearing down, and a driver must not outlive its trees.
    os._exit(0)


main()
