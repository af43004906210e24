"""How loud the kiosk is: changed by staff, kept over a restart, set on the sound card where there is one."""

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from hub.ground.files import replace_file

STEP: Final = 10
LOUDEST: Final = 100
LIMIT_S: Final = 5.0

log = structlog.get_logger("appliance.hands.volume")


class Volume:
    """From 0 to 100. `mixer`: the sound card's control as `amixer` calls it; empty: there is no sound."""

    def __init__(self, file: Path, *, usual: int, mixer: str) -> None:
        self._file = file
        self._mixer = mixer
        self.level = _kept(file, usual)

    def apply(self) -> None:
        """Sets the sound card."""
        if not self._mixer:
            return
        command = ["amixer", "--quiet", "sset", self._mixer, f"{self.level}%"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=LIMIT_S)
        except (OSError, subprocess.SubprocessError) as problem:
            log.error("volume-not-set", mixer=self._mixer, problem=str(problem))

    def change(self, steps: int) -> None:
        """Louder or quieter by so many steps."""
        self.level = min(LOUDEST, max(0, self.level + STEP * steps))
        with suppress(OSError):  # then it is as it was at the next start
            replace_file(self._file, str(self.level).encode(), mode=0o600)
        self.apply()


def _kept(file: Path, usual: int) -> int:
    try:
        return min(LOUDEST, max(0, int(file.read_text("ascii"))))
    except (OSError, ValueError):
        return usual
