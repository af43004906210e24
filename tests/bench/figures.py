"""Figures and their bars."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured figure. `bar`: what it must not pass (`most`) or must reach (`least`); `beside`: its limit here."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    beside: str = ""

    @property
    def holds(self) -> bool:
        """Whether the bar is kept."""
        over = self.most is not None and self.value > self.most
        return not over and not (self.least is not None and self.value < self.least)


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def middle(values: Iterable[float]) -> float:
    """The median over rounds."""
    return median(list(values))


def show(figures: list[Figure]) -> bool:
    """Prints all figures; whether every bar holds."""
    table = Table(title="make bench", title_justify="left")
    for column, side in (("figure", "left"), ("measured", "right"), ("bar", "right"), ("beside", "left"), ("", "left")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for one in figures:
        bar = f"≤ {one.most:g}" if one.most is not None else f"≥ {one.least:g}" if one.least is not None else ""
        word = "" if not bar else "ok" if one.holds else "MISSED"
        table.add_row(one.name, f"{one.value:,.2f} {one.unit}", bar, one.beside, word)
    Console(width=150).print(table)
    return all(one.holds for one in figures)
