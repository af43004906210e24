"""The browser that shows the page: started full screen, watched by the page's heartbeat, started again when it hangs or
dies. What is ended here was started here, and is told by its process id.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from display_board.devtools import LAUNCH, DevTools
from display_board.errors import BoardFault, NoPicture

OPTIONS: Final = (
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--disable-infobars",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-features=Translate,MediaRouter,OptimizationHints,InterestFeedContentSuggestions",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--autoplay-policy=no-user-gesture-required",
    "--password-store=basic",
    "--use-mock-keychain",
    "--remote-debugging-pipe",
)
"""Nothing of a browser's own on the screen, no word to anybody but the page's server, and free to be heard."""

LOOK_S: Final = 0.25
END_LIMIT_S: Final = 5.0
LONGEST_PAUSE_S: Final = 30.0

log = structlog.get_logger("display_board.player")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a browser may take to show the page, and how long the page may then be silent. Seconds."""

    start_s: float = 60.0
    beat_s: float = 15.0


class Player:
    """Between `start` and `close`. `beat` is called when the page says that it is alive.

    `place`: a directory for what the browser writes; it is empty before and after. `full_screen` False: in a window.
    """

    def __init__(
        self,
        address: Callable[[], str],
        place: Path,
        *,
        program: str = "chromium",
        arguments: tuple[str, ...] = (),
        full_screen: bool = True,
        patience: Patience = Patience(),
    ) -> None:
        self._address = address
        self._place = place
        self._program = program
        self._arguments = arguments
        self._full_screen = full_screen
        self._patience = patience
        self._closing = threading.Event()
        self._beat_s: float | None = None
        self._tools: DevTools | None = None
        self._browser: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, name="player", daemon=True)
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The browser that runs now."""
        browser = self._browser
        return None if browser is None else browser.pid

    def start(self) -> None:
        """Begins. Raises `BoardFault` when there is no such browser."""
        if shutil.which(self._program) is None:
            raise BoardFault(f"player.program {self._program!r} is not installed; install it, or use --no-player")
        self._thread.start()

    def beat(self) -> None:
        """The page is alive; from any thread."""
        self._beat_s = time.monotonic()

    def picture(self) -> bytes:
        """What it shows, as PNG. Raises `NoPicture`."""
        tools = self._tools
        if tools is None:
            raise NoPicture("no browser runs")
        return tools.picture()

    def close(self) -> None:
        """Ends the browser. Twice is harmless."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(2 * END_LIMIT_S)

    def _keep_running(self) -> None:
        failures = 0
        while not self._closing.is_set():
            try:
                reason = self._run_once()
            except OSError as problem:
                reason = f"it cannot be started: {problem}"
            if self._closing.is_set():
                return
            failures = 0 if self._beat_s is not None else failures + 1
            pause_s = min(LONGEST_PAUSE_S, 0.5 * 2.0 ** min(failures, 10))
            log.error("browser-ended", reason=reason, again_in_s=pause_s)
            self._closing.wait(pause_s)

    def _run_once(self) -> str:
        """From its start to its end; why it ended."""
        self._beat_s = None
        shutil.rmtree(self._place, ignore_errors=True)
        tools = DevTools()
        try:
            browser = self._launch(tools)
            self._tools, self._browser = tools, browser
            try:
                return self._watch(browser)
            finally:
                _end(browser)
        finally:
            self._tools = self._browser = None
            tools.close()
            shutil.rmtree(self._place, ignore_errors=True)

    def _launch(self, tools: DevTools) -> "subprocess.Popen[bytes]":
        """In a session of its own, so that a signal to its group reaches all its processes and nobody else."""
        self.starts += 1
        theirs = tools.theirs
        shown = ["--kiosk", self._address()] if self._full_screen else [f"--app={self._address()}"]
        options = [*OPTIONS, f"--user-data-dir={self._place}", *self._arguments, *shown]
        command = [sys.executable, "-I", "-S", "-c", LAUNCH, *map(str, theirs), self._program, *options]
        quiet = subprocess.DEVNULL
        try:
            return subprocess.Popen(
                command, pass_fds=theirs, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
            )
        finally:
            tools.started()

    def _watch(self, browser: "subprocess.Popen[bytes]") -> str:
        begun_s = time.monotonic()
        while not self._closing.wait(LOOK_S):
            if browser.poll() is not None:
                return f"it ended with status {browser.returncode}"
            now_s, beat_s = time.monotonic(), self._beat_s
            if beat_s is None and now_s - begun_s > self._patience.start_s:
                return "it never showed the page"
            if beat_s is not None and now_s - beat_s > self._patience.beat_s:
                return "the page does not answer"
        return "told to end"


def _end(browser: "subprocess.Popen[bytes]") -> None:
    for sent in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(browser.pid, sent)
        with suppress(subprocess.TimeoutExpired):
            browser.wait(END_LIMIT_S)
            break
    with suppress(ProcessLookupError):
        os.killpg(browser.pid, signal.SIGKILL)
