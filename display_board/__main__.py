"""The program `motcua-board`: the call board of a TV."""

from typing import Annotated

import typer

from hub.contract.version import __version__

app = typer.Typer(add_completion=False)


def main() -> None:
    """Run the command line."""
    app()


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"motcua-board {__version__}")
        raise typer.Exit


@app.command()
def board(
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """The call board of a TV. Not there yet."""
    typer.echo(
        "A later version of motcua-board will show and speak the called numbers on a TV; "
        "until then open /board/<board> of the hub in a browser.",
        err=True,
    )
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
