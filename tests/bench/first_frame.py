"""When a window's first frame is on the glass: `python -m tests.bench.first_frame blank|kiosk [DEVICE]`.

Writes the wall clock at that moment, and ends. Of the kiosk the whole first screen, of a blank window nothing but that.
"""

import os
import sys
import time
from typing import Any

WIDTH, HEIGHT = 1080, 1920


def blank() -> None:
    """What Kivy needs for a window without anything."""
    from tests.appliance.ui.glass import SETTINGS

    os.environ.update(SETTINGS)
    from kivy.config import Config

    for key, value in {"width": WIDTH, "height": HEIGHT, "multisamples": 0, "borderless": 1}.items():
        Config.set("graphics", key, str(value))
    from kivy.base import runTouchApp
    from kivy.core.window import Window
    from kivy.uix.widget import Widget

    Window.bind(on_flip=_end)
    runTouchApp(Widget())


def kiosk(device: str) -> None:
    """The program as it is started in the hall."""
    from appliance.ui import window

    opening = window.open_window

    def open_window(*arguments: Any, **options: Any) -> Any:
        opened = opening(*arguments, **options)
        opened[0].bind(on_flip=_end)
        return opened

    window.open_window = open_window
    from appliance.__main__ import main

    main(["--device", device, "--offscreen"])


def _end(*_: object) -> None:
    sys.stdout.write(f"{time.time()}\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "blank":
        blank()
    else:
        kiosk(sys.argv[2])
