"""SIGTERM before a command has made arrangements of its own."""

import signal

import pytest

from bot.cli.ending import end_on_sigterm


@pytest.mark.parametrize(
    ("command", "code"), [("run", 0), ("exchange", 0), ("demo", 143), ("", 143)]
)
def test_a_service_ends_in_order_and_a_command_unfinished(command: str, code: int) -> None:
    end_on_sigterm(command)
    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == code
