"""Tables for the terminal; a cell is never cut."""

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

Row = Sequence[str]


def table(title: str, columns: Row, rows: Iterable[Row]) -> Table:
    """Return a table; without columns it has no heads."""
    made = Table(title=title, title_justify="left", show_header=bool(columns))
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made
