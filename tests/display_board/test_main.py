"""`motcua-board` says what it is, and does not pretend to work before it does."""

from typer.testing import CliRunner

from display_board.__main__ import app
from hub.contract.version import __version__


def test_it_tells_its_version() -> None:
    """The version of the whole product."""
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"motcua-board {__version__}\n")


def test_it_offers_help() -> None:
    """With the promise in one line."""
    done = CliRunner().invoke(app, ["--help"])
    assert done.exit_code == 0
    assert "Not there yet." in done.stdout


def test_it_says_that_it_is_not_there_yet() -> None:
    """One sentence on standard error, and a failure for whoever started it."""
    done = CliRunner().invoke(app, [])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "A later version of motcua-board will" in done.stderr
