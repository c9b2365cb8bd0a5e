"""A real VS Code: code-server's inner server, the workbench in headless Chromium, our extension from its .vsix.

Must not know what hdl-lsp answers: the tests say what they want to see. It is the web workbench with a remote
extension host, so the extension starts its server as a child process, as on a desktop.
"""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlparse

from playwright.sync_api import FrameLocator, Locator, Page, Request, sync_playwright

from tests.editors.installed import EXTENSION, NODE, VSCODE_SERVER

_SETTINGS = {
    "chat.disableAIFeatures": True,  # the editor's own assistant, not ours
    "editor.fontSize": 15,
    "editor.minimap.enabled": False,
    "editor.suggest.showWords": False,  # so that the list holds the server's items only
    "editor.wordBasedSuggestions": "off",
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "remote.autoForwardPorts": False,
    "window.commandCenter": False,
    "workbench.activityBar.location": "hidden",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.layoutControl.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
}
_QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
]
_SERVED_IN_THE_PAGE = (
    ".vscode-resource.vscode-cdn.net"  # files of webviews; a service worker answers, not a host
)
_FIRST_PAINT_MS = 90_000  # a cold workbench on two busy cores
_WAIT_MS = 60_000  # anything that needs the server or the model; passing tests don't wait that long


class Workbench:
    """One VS Code window. Methods act as a person at the keyboard does."""

    def __init__(self, page: Page, outside: set[str], settings: Path) -> None:
        """*outside* is filled with the names of hosts that are not this machine, if the page asks any.

        *settings* is the file with the settings of the extension host's machine.
        """
        self.page = page
        self.outside = outside
        self._settings = settings

    @contextmanager
    def changed_setting(self, key: str, value: object) -> Generator[None]:
        """A setting of the machine, changed on disk while the window is open, and changed back."""
        before = self._settings.read_text(encoding="utf-8")
        self._settings.write_text(json.dumps(json.loads(before) | {key: value}), encoding="utf-8")
        try:
            yield
        finally:
            self._settings.write_text(before, encoding="utf-8")

    def command(self, title: str) -> None:
        """Runs the command palette's first entry for *title*."""
        self.page.keyboard.press("F1")
        self.page.locator(".quick-input-widget input").first.fill(f">{title}")
        entry = self.page.locator(".quick-input-list .monaco-list-row").filter(has_text=title).first
        entry.wait_for()
        entry.click()

    def open(self, name: str) -> None:
        """Opens the workspace's file *name* and puts the cursor into it."""
        self.page.keyboard.press("Control+p")
        self.page.locator(".quick-input-widget input").first.fill(name)
        label = self.page.get_by_text(name, exact=True)
        # The list is sorted anew while results come in: not a row to click, but the one that Enter takes.
        taken = self.page.locator(".quick-input-list .monaco-list-row.focused").filter(has=label)
        taken.wait_for(timeout=_WAIT_MS)
        self.press("Enter")
        self.tab(name).wait_for()
        self.lines().first.wait_for()
        self.page.locator(".quick-input-widget").wait_for(state="hidden")

    def close_all(self) -> None:
        """Closes every editor; what was typed is lost."""
        self.page.keyboard.press("Escape")
        while self.page.locator(".tabs-container .tab").count():
            self.command("View: Revert and Close Editor")
            self.page.locator(".quick-input-widget").wait_for(state="hidden")

    def goto(self, line1: int, column1: int) -> None:
        """Puts the cursor at a line and column counted from 1, as the status bar shows them."""
        self.page.keyboard.press("Control+g")
        self.page.locator(".quick-input-widget input").first.fill(f":{line1}:{column1}")
        self.page.keyboard.press("Enter")
        self.page.get_by_text(f"Ln {line1}, Col {column1}").wait_for()

    def type(self, text: str) -> None:
        """Types *text* key by key."""
        self.page.keyboard.type(text, delay=30)

    def press(self, *keys: str) -> None:
        """Presses the keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def tab(self, name: str) -> Locator:
        """The tab of an open file."""
        return self.page.locator(".tabs-container .tab.active").filter(has_text=name)

    def lines(self) -> Locator:
        """The text lines of the editors on the screen."""
        return self.page.locator(".view-lines .view-line")

    def squiggles(self, severity: str) -> Locator:
        """Wavy lines under the code; severity is `error` or `warning`."""
        return self.page.locator(f".squiggly-{severity}")

    def hover(self) -> Locator:
        """The hover box for the word at the cursor."""
        self.press("Control+k", "Control+i")
        return self.page.locator(".monaco-editor .monaco-hover")

    def suggestions(self) -> Locator:
        """The rows of the completion list on the screen."""
        return self.page.locator(".suggest-widget.visible .monaco-list-row")

    def ghost_text(self) -> str:
        """The ghost text on the screen, waited for, with ordinary spaces.

        One line is drawn as decorations, more lines as a view zone; both use no-break spaces.
        """
        ghosts = self.page.locator(
            '.view-lines [class*="ghost-text"]:visible, .suggest-preview-text:visible'
        )
        ghosts.first.wait_for(timeout=_WAIT_MS)
        return "\n".join(ghosts.all_inner_texts()).replace("\u00a0", " ")

    def code_action(self, title: str) -> None:
        """Opens the menu of code actions at the cursor and takes the one whose title contains *title*."""
        self.page.keyboard.press("Control+.")
        entry = self.page.locator(".action-widget .monaco-list-row").filter(has_text=title).first
        entry.wait_for(timeout=_WAIT_MS)
        entry.click()

    def preview(self) -> FrameLocator:
        """The Markdown preview beside the code."""
        return self.page.frame_locator("iframe.webview").frame_locator("#active-frame")

    def language_status(self) -> Locator:
        """The box behind the `{}` of the status bar, opened by resting the mouse on it."""
        self.page.locator('[id="status.languageStatus"]').hover()
        box = self.page.locator(
            ".monaco-hover:visible", has=self.page.locator(".hover-language-status")
        )
        box.wait_for()
        return box

    @contextmanager
    def view(self, command: str) -> Generator[Locator]:
        """The rows of the tree that *command* brings into the side bar; all other views there are folded."""
        self.command(command)
        self.page.locator(".quick-input-widget").wait_for(state="hidden")
        headers = self.page.locator('.sidebar .pane-header[aria-expanded="true"]')
        name = command.removesuffix(" View").rpartition(" on ")[2]
        for header in headers.filter(has_not_text=name).all():
            header.click()
        self.command(command)
        self.page.locator(".quick-input-widget").wait_for(state="hidden")
        pane = self.page.locator(".sidebar .pane").filter(
            has=self.page.locator(".pane-header").filter(has_text=name)
        )
        try:
            yield pane.locator(".monaco-list-row")
        finally:
            for header in self.page.locator('.sidebar .pane-header[aria-expanded="true"]').all():
                header.click()
            self.command("View: Toggle Primary Side Bar Visibility")

    def unfold(self, rows: Locator, label: str) -> None:
        """Unfolds the row that begins with *label*."""
        rows.filter(has_text=re.compile(rf"^\s*{re.escape(label)}")).locator(
            ".monaco-tl-twistie"
        ).first.click()

    def take_from_menu(self, of: Locator, title: str) -> None:
        """Opens the context menu of *of* and takes the item *title*."""
        of.click(button="right")
        menu = self.page.locator(".monaco-menu-container")
        menu.locator(".action-item").filter(has_text=title).first.hover()
        self.press("Enter")  # a click counts only when the menu has been open for a while
        menu.wait_for(state="hidden")

    def pick(self, label: str) -> None:
        """Takes the entry *label* of the list at the top of the window."""
        entry = self.page.locator(".quick-input-list .monaco-list-row").filter(has_text=label).first
        entry.wait_for(timeout=_WAIT_MS)
        entry.click()

    def peek(self) -> Locator:
        """The references peek inside the editor."""
        return self.page.locator(".peekview-widget")

    def colour_of(self, word: str) -> str:
        """Colour of the first *word* in the editor."""
        return str(self._style_of(word, "color"))

    def opacity_of(self, word: str) -> float:
        """Opacity of the first *word* in the editor; not a number while its line is being drawn anew."""
        return float(self._style_of(word, "opacity") or "nan")

    def _style_of(self, word: str, name: str) -> str:
        spans = self.lines().locator("span > span").filter(has_text=word).first
        spans.wait_for()
        return str(spans.evaluate(f"node => getComputedStyle(node).{name}"))

    def wait_for_text(self, locator: Locator, pattern: str) -> str:
        """Text of *locator* once it matches the regular expression *pattern*."""
        matching = locator.filter(has_text=re.compile(pattern)).first
        matching.wait_for(timeout=_WAIT_MS)
        return matching.inner_text()

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Looks again and again until *happened*, something outside the window, is true."""
        deadline = time.monotonic() + _WAIT_MS / 1000
        while not happened():
            assert time.monotonic() < deadline, "it did not happen"
            self.page.wait_for_timeout(50)

    def errors(self) -> list[str]:
        """Texts of the error boxes on the screen; a user should never see one."""
        return self.page.locator(
            ".notification-toast", has=self.page.locator(".codicon-error")
        ).all_inner_texts()

    def screenshot(self, path: Path) -> None:
        """The whole window as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def screenshot_of_top(self, path: Path, height: int) -> None:
        """The upper left part of the window: the code."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, clip={"x": 0, "y": 0, "width": 860, "height": height})

    def screenshot_of_corner(self, path: Path) -> None:
        """The lower right corner of the window, where the status is, as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, clip={"x": 640, "y": 640, "width": 640, "height": 160})


@contextmanager
def extension_window(folder: Path, home: Path, server: Path) -> Generator[Workbench]:
    """VS Code with *folder* open and the extension built from this checkout, which starts the program *server*."""
    vsix = home / "hdl-lsp.vsix"
    package = ["npm", "run", "-s", "package", "--", "-o", str(vsix)]
    subprocess.run(package, cwd=EXTENSION, check=True, capture_output=True)
    with workbench(folder, home, vsix, {"hdl.server.path": str(server)}) as window:
        yield window


@contextmanager
def workbench(
    folder: Path, home: Path, vsix: Path, settings: dict[str, Any]
) -> Generator[Workbench]:
    """VS Code with *vsix* installed and *folder* open; *settings* are ours, everything written goes under *home*."""
    # To the workbench the extension host is a remote machine: settings of the scope "machine" are read from there.
    for part, values in {"User": _SETTINGS, "Machine": settings}.items():
        profile = home / "user" / part
        profile.mkdir(parents=True)
        (profile / "settings.json").write_text(json.dumps(values), encoding="utf-8")
    common = ["--accept-server-license-terms", "--user-data-dir", str(home / "user")]
    common += ["--extensions-dir", str(home / "extensions")]
    start = [str(NODE), str(VSCODE_SERVER), *common]
    # An empty gallery keeps it from asking a marketplace for anything.
    environment = os.environ | {"EXTENSIONS_GALLERY": "{}", "XDG_CONFIG_HOME": str(home / "config")}
    with (home / "vscode.log").open("wb") as log:
        subprocess.run(
            [*start, "--install-extension", str(vsix)],
            env=environment,
            stdout=log,
            stderr=log,
            check=True,
        )
        serve = [
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--without-connection-token",
            "--disable-telemetry",
        ]
        server = subprocess.Popen(
            [*start, *serve, "--disable-workspace-trust"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # extension hosts and language servers end with the group
        )
        try:
            yield from _window(
                _listening_port(server), folder, home / "user" / "Machine" / "settings.json"
            )
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.communicate()


def _window(port: int, folder: Path, settings: Path) -> Generator[Workbench]:
    outside: set[str] = set()

    def note(request: Request) -> None:
        url = urlparse(request.url)
        host = url.hostname or ""
        here = host in {"127.0.0.1", "localhost"} or host.endswith(
            (".localhost", _SERVED_IN_THE_PAGE)
        )
        if url.scheme.startswith("http") and not here:
            outside.add(host)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=_QUIET_BROWSER
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(20_000)
        page.on("request", note)
        page.goto(f"http://127.0.0.1:{port}/?folder={quote(str(folder))}")
        page.locator(".monaco-workbench .explorer-folders-view").first.wait_for(
            timeout=_FIRST_PAINT_MS
        )
        try:
            yield Workbench(page, outside, settings)
        finally:
            browser.close()


def _listening_port(server: subprocess.Popen[bytes]) -> int:
    """The port from the line in which the server says that it listens."""
    assert server.stdout is not None
    too_late = threading.Timer(_FIRST_PAINT_MS / 1000, server.kill)
    too_late.start()
    try:
        for line in server.stdout:
            if found := re.search(rb"Extension host agent listening on (\d+)", line):
                return int(found[1])
    finally:
        too_late.cancel()
    raise AssertionError(
        "VS Code ended, or was ended, before it said that it listens; see vscode.log"
    )
