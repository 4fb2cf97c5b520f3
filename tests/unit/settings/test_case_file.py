"""A case file that is wrong is told where and what was expected."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings.case_file import case_schema, check_case, load_raw
from bot.settings.problems import ConfigurationError
from tests.support.cases import STORM, storm


def test_the_shipped_cases_are_sound() -> None:
    cases = list(STORM.parent.glob("*.json"))
    assert STORM in cases
    for path in cases:
        assert check_case(load_raw(path), path).at


@pytest.mark.parametrize(
    ("changes", "place", "expected"),
    [
        ({"vixx": 3}, "vixx", "did you mean 'vix'?"),
        ({"zzzz": 3}, "zzzz", "`alvh schema case` lists them"),
        ({"vix": "x"}, "vix", "expected float"),
        ({"vix": -1}, "vix", "expected float > 0.0"),
        ({"stage": 4}, "stage", "expected int <= 3"),
        ({"market": "modl"}, "market", "invalid enum value 'modl'"),
        ({"account": {"naw": 3}}, "account.naw", "did you mean 'nav'?"),
        ({"condors": [{"strikes": [1, 2, 3]}]}, "condors[0].strikes", "expected array of length 4"),
        ({"readings": {"vix.rsy": 3}}, "readings.vix.rsy", "did you mean 'vix.rsi'?"),
        ({"readings": {"vix.rsi": "high"}}, "readings.vix.rsi", "expected a number"),
        ({"readings": {"vix.rsi": True}}, "readings.vix.rsi", "expected a number, got True"),
        ({"readings": {"vix.spike": 1}}, "readings.vix.spike", "expected true or false, got 1"),
        ({"readings": {"vix.macd": "bulish"}}, "readings.vix.macd", "did you mean 'bullish'?"),
        ({"quotes": {"x": [1, 2]}}, "quotes.x", "expected a name such as"),
        ({"quotes": {"VIX 2018-03-21 C20": [2, 1]}}, "quotes.VIX 2018-03-21 C20", "got 2 and 1"),
        ({"stage": 1, "memory": {}}, "stage", "expected stage or memory, got both"),
        ({"at": 3}, "at", "expected str"),
    ],
)
def test_a_fault_is_named_with_its_place(
    changes: dict[str, Any], place: str, expected: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_case(storm(**changes), "case.json")
    (problem,) = caught.value.problems
    assert problem.place == place
    assert expected in problem.text


def test_a_missing_moment_is_named() -> None:
    with pytest.raises(ConfigurationError, match="missing required field at"):
        check_case({}, "case.json")


def test_all_readings_that_are_wrong_are_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_case(storm(readings={"a.b": 1, "vix.rsi": "x"}), "case.json")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"{", "not JSON"), (b"[1]", "one JSON object, got list"), (b"\xff", "not JSON")],
)
def test_a_file_that_holds_no_case_is_one_clear_error(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=expected):
        load_raw(path)


def test_a_file_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_raw(tmp_path / "none.json")


def test_the_schema_names_every_key_of_a_case() -> None:
    schema = case_schema()
    definition = schema["$defs"]["Case"]
    assert set(storm()) <= set(definition["properties"])
    assert definition["required"] == ["at"]
    assert definition["additionalProperties"] is False
