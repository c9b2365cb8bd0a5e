"""Exit codes, as CI reads them."""

from typing import Final

CLEAN: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
ENVIRONMENT: Final = 3
