"""`docs/wire.md` says what the code does."""

from pathlib import Path

from hub.contract.document import document, message_types
from hub.contract.refusals import RefusalCode
from hub.contract.topics import OPERATIONS

PAGE = Path(__file__).parents[2] / "docs/wire.md"


def test_the_page_is_fresh() -> None:
    """After a change of the contract: `python -m hub.contract.document > docs/wire.md`."""
    assert PAGE.read_text(encoding="utf-8") == document()


def test_the_page_is_complete() -> None:
    """Every message, operation and refusal has its place."""
    text = document()
    for message in message_types():
        assert f"### {message.__name__}\n" in text
    for operation in OPERATIONS:
        assert f"| `{operation.name}` |" in text
    for code in RefusalCode:
        assert f"| `{code.value}` |" in text
