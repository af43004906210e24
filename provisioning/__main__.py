"""The program `motcua-provision`: from a bare card to an enrolled device."""

from typing import Annotated

import typer

from hub.contract.version import __version__

app = typer.Typer(add_completion=False)


def main() -> None:
    """Run the command line."""
    app()


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"motcua-provision {__version__}")
        raise typer.Exit


@app.command()
def provision(
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """From a bare card to an enrolled device. Not there yet."""
    typer.echo(
        "A later version of motcua-provision will plan, write, verify and enrol the card of a kiosk, board or pad.",
        err=True,
    )
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
