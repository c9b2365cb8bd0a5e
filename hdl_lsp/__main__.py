"""`python -m hdl_lsp` is the same program as `hdl-lsp`."""

import sys

from hdl_lsp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
