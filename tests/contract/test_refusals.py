"""Refusals: stable words for programs, and a sentence for people in every language we promise."""

import pytest

from hub.contract.refusals import MESSAGES, UNREMEMBERED, Refusal, RefusalCode

WORDS_OF_THE_WIRE = {
    "hub-full",
    "malformed",
    "nobody-waiting",
    "not-allowed",
    "not-found",
    "request-mismatch",
    "service-closed",
    "starting",
    "still-called",
    "too-late",
    "too-many",
}


@pytest.mark.parametrize("code", RefusalCode)
def test_every_code_has_a_sentence_in_vietnamese_and_english(code: RefusalCode) -> None:
    """A whole sentence, not the code."""
    text = Refusal(code).message
    assert set(text) == {"vi", "en"}
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in text.values())
    assert text["vi"] != text["en"]


def test_the_words_already_in_the_field_stay() -> None:
    """Codes are added, never taken away."""
    assert {code.value for code in RefusalCode} >= WORDS_OF_THE_WIRE


def test_only_passing_refusals_are_forgotten() -> None:
    """A repeat after a rule's refusal gets the same answer; after a full disk it may succeed."""
    assert RefusalCode.HUB_FULL in UNREMEMBERED
    assert RefusalCode.SERVICE_CLOSED not in UNREMEMBERED
    assert set(MESSAGES) >= UNREMEMBERED


def test_a_refusal_carries_its_code() -> None:
    """Also in its text, for logs."""
    refusal = Refusal(RefusalCode.TOO_MANY, retry_after_s=3)
    assert (str(refusal), refusal.code, refusal.retry_after_s) == ("too-many", RefusalCode.TOO_MANY, 3)
