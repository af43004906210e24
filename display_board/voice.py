"""Where clips come from: recorded ones by their file names, and for what is not recorded a machine's voice.

The machine is espeak-ng, called as a program. What it has said once is kept.
"""

import hashlib
import subprocess
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import structlog

from display_board import sound
from display_board.announcing import CHIME, Clip
from display_board.spelling import PAUSE, Variant
from hub.ground.files import replace_file

LIMIT_S: Final = 10.0
PAUSE_S: Final = 0.3
WORDS_A_MINUTE: Final = 145
SOUNDS: Final = "sounds"
"""The folder of clips without a language."""

VOICES: Final[dict[tuple[str, Variant], str]] = {
    ("vi", "north"): "vi",
    ("vi", "central"): "vi-vn-x-central",
    ("vi", "south"): "vi-vn-x-south",
}

log = structlog.get_logger("display_board.voice")


class Voice:
    """Clips as files. `pack`: recorded ones, `vi/invite.wav`; `kept`: a directory for those that were made.

    Thread-safe. Making one takes some milliseconds.
    """

    def __init__(self, pack: Path | None, kept: Path, variant: Variant, *, program: str = "espeak-ng") -> None:
        self._pack = pack
        self._kept = kept
        self._variant = variant
        self._program = program
        self._lock = threading.Lock()
        self._found: dict[str, bytes] = {}
        self._dumb = False

    def offer(self, clips: Iterable[Clip]) -> list[str]:
        """The names under which `read` has these clips, in their order. A clip that cannot be had is left out."""
        return [name for clip in clips if (name := self._have(clip)) is not None]

    def read(self, name: str) -> bytes | None:
        """The WAV file that was offered under this name."""
        return self._found.get(name)

    def _have(self, clip: Clip) -> str | None:
        name = f"{clip.language or SOUNDS}/{clip.name}.wav"
        with self._lock:
            if name not in self._found:
                content = self._recorded(name) or self._made(clip)
                if content is None:
                    return None
                self._found[name] = content
        return name

    def _recorded(self, name: str) -> bytes | None:
        try:
            return (self._pack / name).read_bytes() if self._pack is not None else None
        except OSError:
            return None

    def _made(self, clip: Clip) -> bytes | None:
        if clip == CHIME:
            return sound.chime()
        if clip.name == PAUSE:
            return sound.silence(PAUSE_S)
        voice = VOICES.get((clip.language, self._variant), clip.language)
        digest = hashlib.sha256(f"{voice} {WORDS_A_MINUTE} {clip.text}".encode()).hexdigest()
        file = self._kept / f"{clip.language}-{clip.name}-{digest[:12]}.wav"
        try:
            return file.read_bytes()
        except OSError:
            return self._make(voice, clip.text, file)

    def _make(self, voice: str, text: str, file: Path) -> bytes | None:
        try:
            content = sound.trimmed(self._said(voice, text))
        except (OSError, subprocess.SubprocessError, ValueError) as problem:
            if not self._dumb:
                log.error("no-voice", problem=str(problem), words="install espeak-ng, or a whole voice pack")
            self._dumb = True
            return None
        self._dumb = False
        self._keep(file, content)
        return content

    def _said(self, voice: str, text: str) -> bytes:
        """The text goes over standard input: whatever it begins with, it is no option."""
        with tempfile.TemporaryDirectory(prefix="motcua-voice-") as directory:
            spoken = Path(directory) / "spoken.wav"
            command = [self._program, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1", "-w", str(spoken), "--stdin"]
            subprocess.run(command, input=text.encode(), check=True, capture_output=True, timeout=LIMIT_S)
            return spoken.read_bytes()

    def _keep(self, file: Path, content: bytes) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(file, content, mode=0o644)
        except OSError as problem:
            log.warning("clip-not-kept", file=str(file), problem=str(problem))
