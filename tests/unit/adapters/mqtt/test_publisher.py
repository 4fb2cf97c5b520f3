"""The publisher's promises that need no broker; the rest is held against a real one."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.app.status import PublishingState
from tests.support import story
from tests.support.ib_client import until
from tests.support.processes import free_port
from tests.support.publishing import address, published


async def test_reading_an_event_does_no_more_than_keep_it(tmp_path: Path) -> None:
    """Whoever appends never waits: nothing is awaited, encoded or written in between."""
    async with published(tmp_path / "j.sqlite", address(free_port()), outbox=10) as rig:
        rig.tell()
        condition = rig.publisher.condition()
    assert (condition.acknowledged, condition.state) == (0, PublishingState.WAITING)
    assert condition.newest > 20


async def test_a_broker_that_is_away_is_tried_again_after_growing_jittered_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0.001)

    async with published(tmp_path / "j.sqlite", address(free_port()), sleep=sleep) as rig:
        rig.tell()
        await until(lambda: len(waits) >= 9)
    longest = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, longest, strict=False))
    assert any(wait != most for wait, most in zip(waits, longest, strict=False))
    assert caplog.text.count("cannot publish") == 1


async def test_before_the_account_is_known_nobody_is_called(tmp_path: Path) -> None:
    async with published(tmp_path / "j.sqlite", address(free_port())) as rig:
        rig.journal.append([story.run_started()], story.MORNING)
        await asyncio.sleep(0.05)
        assert not rig.publisher.condition().trouble
        rig.journal.append([story.account_proved()], story.MORNING)
        await until(lambda: bool(rig.publisher.condition().trouble))


async def test_a_fault_of_the_publisher_is_logged_and_does_not_end_the_bot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    to = address(free_port(), keepalive_seconds="no number")
    async with published(tmp_path / "j.sqlite", to) as rig:
        rig.tell()
        await until(lambda: "Error" in rig.publisher.condition().trouble)
    (record,) = [one for one in caplog.records if "cannot publish" in one.getMessage()]
    assert record.levelno == logging.WARNING
    assert record.exc_info


async def test_a_useless_bookmark_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "j.sqlite.mqtt").write_text("a shopping list")
    async with published(tmp_path / "j.sqlite", address(free_port())) as rig:
        assert rig.publisher.condition().acknowledged == 0
    assert "cannot be read" in caplog.text
