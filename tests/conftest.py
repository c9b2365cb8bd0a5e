"""What all tests share: golden files, the order of the test folders, hypothesis without a clock.

Must not hold test data or stand-ins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from hdl_lsp.llm.models_folder import cache_directory

GOLDEN = Path(__file__).parent / "golden"
LAST = ("e2e", "editors")  # slow, and pointless to look at while something below is broken

# The machine may be busy: a slow example is not a failing one.
hypothesis.settings.register_profile("no clock", deadline=None)
hypothesis.settings.load_profile("no clock")


def pytest_addoption(parser: pytest.Parser) -> None:
    """--update-golden writes what was got; review the diff."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """End-to-end and editor tests run last."""
    items.sort(key=lambda item: any(part in LAST for part in item.path.parts))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Indexes are kept in a cache of the tests' own; the user's models, if there are any, are used as they are."""
    models = cache_directory()
    own = tmp_path_factory.mktemp("cache")
    (own / "hdl-lsp").mkdir()
    if models.is_dir():
        (own / "hdl-lsp" / "models").symlink_to(models)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(own))
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """A check, called with a name and a text: the text is that of tests/golden/<name>."""

    def check(name: str, actual: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8")
        assert path.exists(), f"no golden file {name}; run with --update-golden and review it"
        assert actual == path.read_text(encoding="utf-8")

    return check
