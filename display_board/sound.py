"""Our own few lines of sound: the chime, silence, and clips without the silence around them. Pure: bytes to bytes."""

import io
import math
import wave
from array import array
from collections.abc import Iterable
from typing import Final

RATE: Final = 22_050
"""Samples a second, 16 bit, one channel: as espeak-ng writes them."""

LOUDEST: Final = 32_767
AUDIBLE: Final = 0.005
"""Below this share of the loudest there is nothing to hear."""

MARGIN_S: Final = 0.015
FULL: Final = 0.8

CHIME: Final = ((0.0, 659.26), (0.42, 523.25))
"""Two strokes, the second one lower: when, and how high."""

CHIME_S: Final = 1.5
OVERTONES: Final = ((1.0, 1.0, 3.0), (2.0, 0.35, 5.0), (3.01, 0.12, 8.0))
"""Of a bar that is struck: how high, how loud, how fast it fades."""


def chime() -> bytes:
    """Two soft strokes, as a WAV file."""
    samples = [sum(_stroke(at / RATE - begin, pitch) for begin, pitch in CHIME) for at in range(round(CHIME_S * RATE))]
    fade = round(0.1 * RATE)
    samples[-fade:] = [value * (fade - at) / fade for at, value in enumerate(samples[-fade:])]
    return written(_scaled(samples, 0.6))


def silence(seconds: float) -> bytes:
    """Nothing to hear, as a WAV file."""
    return written(array("h", bytes(2 * round(seconds * RATE))))


def trimmed(content: bytes) -> bytes:
    """A WAV file of ours without the silence at both ends, as loud as all the others."""
    samples = read(content)
    heard = [at for at, value in enumerate(samples) if abs(value) > AUDIBLE * LOUDEST]
    if not heard:
        return written(samples[:0])
    margin = round(MARGIN_S * RATE)
    kept = samples[max(0, heard[0] - margin) : heard[-1] + margin + 1]
    return written(_scaled(kept, FULL))


def read(content: bytes) -> "array[int]":
    """The samples of a WAV file. Raises `ValueError` for another format than ours."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                raise ValueError(f"not {RATE} samples a second of 16 bits on one channel")
            return array("h", file.readframes(file.getnframes()))
    except (wave.Error, EOFError) as problem:
        raise ValueError(f"not a WAV file: {problem}") from problem


def written(samples: "array[int]") -> bytes:
    """A WAV file of these samples."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setframerate(RATE)
        file.setnchannels(1)
        file.setsampwidth(2)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _stroke(since_s: float, pitch: float) -> float:
    if since_s < 0:
        return 0.0
    attack = min(1.0, since_s / 0.004)
    tones = (
        loud * math.exp(-fades * since_s) * math.sin(2 * math.pi * pitch * high * since_s)
        for high, loud, fades in OVERTONES
    )
    return attack * sum(tones)


def _scaled(values: Iterable[float], share: float) -> "array[int]":
    """With its loudest moment at this share of what can be."""
    values = list(values)
    loudest = max(map(abs, values), default=0)
    factor = share * LOUDEST / loudest if loudest else 0
    return array("h", (round(value * factor) for value in values))
