"""The process that knows one file at a time: reads pickled requests from stdin, writes pickled answers to stdout.

Must not be started by a server. It ends with its input.
"""

from __future__ import annotations

import os
import pickle
import sys

from hdl_lsp.semantics.truth.file_errors import Texts
from hdl_lsp.semantics.truth.file_record import ErrorsRequest, PiecesRequest
from hdl_lsp.semantics.truth.pieces import pieces


def main() -> None:
    """One answer for each request. What slang prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    texts = Texts()
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            break
        match request:
            case ErrorsRequest(file):
                answer: object = texts.errors(file)
            case PiecesRequest(file):
                answer = pieces(texts, file)
            case _:
                raise TypeError(f"not a question about a file: {type(request).__name__}")
        pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
    # slang's objects are not worth tearing down.
    os._exit(0)


main()
