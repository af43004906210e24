"""What a page plays, overheard within it: which clip, from when to when; and the mix, as a hall would hear it."""

from array import array
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from playwright.sync_api import Page

from display_board import sound

OVERHEAR: Final = """
window.played = [];
const addresses = new WeakMap(), names = new WeakMap();
const fetched = window.fetch;
window.fetch = async (...asked) => {
  const answer = await fetched(...asked);
  const content = answer.arrayBuffer.bind(answer);
  answer.arrayBuffer = async () => {
    const bytes = await content();
    addresses.set(bytes, String(asked[0]));
    return bytes;
  };
  return answer;
};
const decode = AudioContext.prototype.decodeAudioData;
AudioContext.prototype.decodeAudioData = async function (bytes) {
  const address = addresses.get(bytes);
  const buffer = await decode.call(this, bytes);
  names.set(buffer, address);
  return buffer;
};
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at) {
  window.played.push({ name: names.get(this.buffer), at, duration: this.buffer.duration });
  return start.call(this, at);
};
"""
"""To be run before the page's own scripts."""


@dataclass(frozen=True)
class Played:
    """One clip. Times in seconds of the page's own audio clock, which stands still while nothing is said."""

    name: str
    at: float
    duration: float

    @property
    def word(self) -> str:
        """Without folder and ending."""
        return self.name.removeprefix("clips/").removesuffix(".wav")


def played(page: Page) -> list[Played]:
    """So far, in the order in which it was begun."""
    return [Played(one["name"], one["at"], one["duration"]) for one in page.evaluate("window.played")]


def overlaps(clips: list[Played]) -> list[str]:
    """Clips that are heard while another one is."""
    found = []
    for one, other in pairwise(clips):
        if other.at < one.at + one.duration - 1e-6:
            found.append(f"{other.word} at {other.at:.3f} begins before {one.word} has ended")
    return found


def mixed(address: str, clips: list[Played], file: Path) -> int:
    """The mix as a WAV file; returns how many clips are heard at once at most, sample by sample."""
    length = round(max(one.at + one.duration for one in clips) * sound.RATE) + 1
    mix, voices = array("i", [0] * length), bytearray(length)
    for one in clips:
        with urlopen(address + one.name, timeout=10) as answer:
            samples = sound.read(answer.read())
        begin = round(one.at * sound.RATE)
        for at, value in enumerate(samples, begin):
            mix[at] += value
            voices[at] += 1
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sound.written(array("h", (max(-32768, min(32767, value)) for value in mix))))
    return max(voices)
