"""Rows of a CSV file whose columns are found by name, with errors that name file and line."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from bot.exchange.scenarios.parse import ScenarioError, read_date, read_price

T = TypeVar("T")


class Row(NamedTuple):
    """One line: where it stands, and its fields in the order asked for."""

    file: str
    line: int
    fields: tuple[str, ...]

    def date(self, place: int = 0) -> date:
        """Return a field as a date."""
        return self._read(place, read_date)

    def price(self, place: int) -> float:
        """Return a field as a number above zero."""
        return self._read(place, read_price)

    def number(self, place: int) -> float:
        """Return a field as any finite number."""
        return self._read(place, _read_number)

    def has(self, place: int) -> bool:
        """Tell whether a field says anything."""
        return bool(self.fields[place].strip())

    def wrong(self, expected: str) -> ScenarioError:
        """Return the error that this line does not say what it must."""
        return ScenarioError(self.file, self.line, expected)

    def _read(self, place: int, read: Callable[[str], T]) -> T:
        try:
            return read(self.fields[place].strip())
        except ValueError as error:
            raise self.wrong(str(error)) from error


def rows_of(file: str, text: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a file; its first line names the columns, empty lines are passed over.

    Raises:
        ScenarioError: A column is missing, or a row has not as many fields as the first line.
    """
    lines = text.splitlines()
    names = [name.strip() for name in lines[0].split(",")] if lines else []
    absent = [column for column in columns if column not in names]
    if absent:
        raise ScenarioError(file, 1, f"expected the columns {', '.join(absent)}")
    places = [names.index(column) for column in columns]
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        fields = line.split(",")
        if len(fields) != len(names):
            raise ScenarioError(file, number, f"expected {len(names)} fields, got {len(fields)}")
        yield Row(file, number, tuple(fields[place] for place in places))


def _read_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError(f"expected a number, got {text!r}") from error
    if not math.isfinite(number):
        raise ValueError(f"expected a finite number, got {text!r}")
    return number
