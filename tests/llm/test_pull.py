"""Downloads from a real HTTP server on loopback: whole, resumed, broken, refused."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hdl_lsp.errors import ModelError
from hdl_lsp.llm import catalogue, pull

CONTENT = bytes(range(256)) * 4000
FROM_URL = catalogue.entry("qwen2.5-coder-0.5b")


@dataclass
class Served:
    """What the server does, and which ranges it was asked for."""

    break_after: int | None = None  # bytes of body before the connection is closed
    can_resume: bool = True
    ranges: list[str | None] = field(default_factory=list)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server with CONTENT at /model, and a catalogue whose first URL model is there."""
    behaviour = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name http.server calls
            if self.path != "/model":
                self.send_error(404, "Not Found")
                return
            asked = self.headers.get("Range")
            behaviour.ranges.append(asked)
            start = int(asked[6:-1]) if asked and behaviour.can_resume else 0
            if start >= len(CONTENT):
                self.send_error(416)
                return
            body = CONTENT[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: behaviour.break_after])

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    serve(monkeypatch, f"http://127.0.0.1:{server.server_port}/model")
    yield behaviour
    server.shutdown()
    server.server_close()
    thread.join()


def serve(monkeypatch: pytest.MonkeyPatch, url: str, sha256: str = "") -> None:
    """A catalogue of one model called tiny."""
    entry = replace(FROM_URL, name="tiny", file="tiny.gguf", url=url, sha256=sha256)
    monkeypatch.setattr(catalogue, "entries", lambda: (entry,))


def test_model_is_downloaded_with_progress(served: Served, tmp_path: Path) -> None:
    """The file is what the server sent, and progress ends at the total."""
    seen: list[tuple[int, int]] = []
    path = pull.pull("tiny", lambda so_far, total: seen.append((so_far, total)), tmp_path / "new")
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [child.name for child in path.parent.iterdir()] == ["tiny.gguf"]


def test_model_that_is_here_is_not_downloaded(served: Served, tmp_path: Path) -> None:
    """A second pull asks nobody."""
    pull.pull("tiny", directory=tmp_path)
    pull.pull("tiny", directory=tmp_path)
    assert served.ranges == [None]


def test_broken_download_resumes_where_it_stopped(served: Served, tmp_path: Path) -> None:
    """After a broken connection the next pull asks for the rest only."""
    served.break_after = 300_000
    with pytest.raises(ModelError, match=r"broke off at 300,000 of 1,024,000 bytes; run the comm"):
        pull.pull("tiny", directory=tmp_path)
    assert catalogue.locate(catalogue.entry("tiny"), tmp_path) is None
    served.break_after = None
    assert pull.pull("tiny", directory=tmp_path).read_bytes() == CONTENT
    assert served.ranges == [None, "bytes=300000-"]


def test_server_that_can_not_resume_starts_again(served: Served, tmp_path: Path) -> None:
    """A server that ignores the range sends everything, and nothing is doubled."""
    served.break_after = 1000
    with pytest.raises(ModelError, match="broke off"):
        pull.pull("tiny", directory=tmp_path)
    served.break_after, served.can_resume = None, False
    assert pull.pull("tiny", directory=tmp_path).read_bytes() == CONTENT


def test_complete_part_is_accepted(served: Served, tmp_path: Path) -> None:
    """A download that ended just before it was renamed needs no byte more."""
    (tmp_path / "tiny.gguf.part").write_bytes(CONTENT)
    assert pull.pull("tiny", directory=tmp_path).read_bytes() == CONTENT


def test_wrong_digest_is_refused_and_thrown_away(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pinned digest that does not match leaves no file."""
    serve(monkeypatch, catalogue.entry("tiny").url, "0" * 64)
    with pytest.raises(ModelError, match="is damaged: wrong SHA-256"):
        pull.pull("tiny", directory=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_right_digest_is_accepted(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pinned digest that matches is a model."""
    serve(monkeypatch, catalogue.entry("tiny").url, hashlib.sha256(CONTENT).hexdigest())
    assert pull.pull("tiny", directory=tmp_path).read_bytes() == CONTENT


def test_missing_file_on_the_server_is_one_sentence(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 404 names the address."""
    serve(monkeypatch, catalogue.entry("tiny").url + "s")
    with pytest.raises(ModelError, match=r"/models answers 404 Not Found"):
        pull.pull("tiny", directory=tmp_path)


def test_no_network_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a connection the user learns where to put the file by hand."""
    serve(monkeypatch, "http://127.0.0.1:9/model")  # the discard port: nobody listens
    with pytest.raises(ModelError, match=r"no connection to .*copy the file to .*tiny\.gguf yours"):
        pull.pull("tiny", directory=tmp_path)


def test_other_schemes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file: address is not opened."""
    serve(monkeypatch, "file:///etc/passwd")
    with pytest.raises(ModelError, match="only http and https"):
        pull.pull("tiny", directory=tmp_path)
