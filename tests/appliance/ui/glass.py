"""Kivy without a screen: set up before it is first imported."""

import os

SETTINGS = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_METRICS_FONTSCALE": "1",
    "KIVY_DPI": "96",
    "SDL_VIDEODRIVER": "offscreen",
}


def prepare() -> None:
    """For this process, and those it starts."""
    os.environ.update(SETTINGS)
