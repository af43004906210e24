"""Our own few lines of sound."""

from array import array

import pytest

from display_board.sound import AUDIBLE, CHIME_S, FULL, LOUDEST, RATE, chime, read, silence, trimmed, written


def loudest(samples: "array[int]") -> float:
    """As a share of what can be."""
    return max(abs(value) for value in samples) / LOUDEST


def test_the_chime_is_two_strokes_that_fade() -> None:
    """Loud enough to be heard, never clipped, quiet at its end, and the same every time."""
    samples = read(chime())
    assert len(samples) == round(CHIME_S * RATE)
    assert 0.5 < loudest(samples) < 0.7
    second = samples[round(0.42 * RATE) : round(0.5 * RATE)]
    between = samples[round(0.34 * RATE) : round(0.41 * RATE)]
    assert loudest(second) > 1.5 * loudest(between)
    assert loudest(samples[-20:]) < 0.01
    assert chime() == chime()


def test_silence_around_a_clip_goes() -> None:
    """But for a little, and what is quiet within a clip stays; all clips are equally loud."""
    tone = [3000, -3000] * 1000
    samples = array("h", [0] * 9000 + tone + [0] * 4000 + tone + [5] * 9000)
    kept = read(trimmed(written(samples)))
    margin = round(0.015 * RATE)
    assert len(kept) == 2 * len(tone) + 4000 + 2 * margin
    assert loudest(kept) == pytest.approx(FULL, abs=0.001)
    assert abs(kept[0]) < AUDIBLE * LOUDEST


def test_a_clip_of_nothing_is_nothing() -> None:
    """A voice may have nothing to say."""
    assert read(trimmed(silence(0.5))) == array("h")
    assert len(read(silence(0.25))) == round(0.25 * RATE)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"\x00" * 100])
def test_what_is_no_wav_file_is_refused(content: bytes) -> None:
    """Whatever was written by something that broke."""
    with pytest.raises(ValueError, match="WAV"):
        read(content)


def test_another_format_is_refused() -> None:
    """Our arithmetic is for one only."""
    stereo = bytearray(silence(0.1))
    stereo[22] = 2
    with pytest.raises(ValueError, match="one channel"):
        read(bytes(stereo))
