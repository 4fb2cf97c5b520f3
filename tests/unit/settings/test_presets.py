"""The shipped policies are found by name, hold together, and have an equal copy to start from."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.policy import Policy
from bot.domain.rungs import LADDER, Rung, Tier
from bot.exchange.reference.conid import ContractClass
from bot.exchange.reference.expiries import listed_settlements
from bot.settings.policy_file import load_policy
from bot.settings.policy_text import write_policy
from bot.settings.presets import PRESETS, preset_text
from bot.settings.problems import ConfigurationError
from tests.support.session_tables import index_option_sessions

COPIES = Path("config/policies")


def test_the_articles_are_the_defaults() -> None:
    assert load_policy("articles") == Policy()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_called_by_its_name_and_has_a_copy_that_says_the_same(name: str) -> None:
    assert load_policy(name).name == name
    assert load_policy(Path(name)) == load_policy(COPIES / f"{name}.toml")


def test_every_number_of_the_method_stands_in_the_shipped_copy() -> None:
    """A new number appears in the file: print it anew with `alvh policy show`."""
    assert (COPIES / "articles.toml").read_text(encoding="utf-8") == write_policy(Policy())


def test_the_copies_are_the_presets_and_no_more() -> None:
    assert {path.stem for path in COPIES.glob("*.toml")} == set(PRESETS)
    long = (COPIES / "long-tenors.toml").read_text(encoding="utf-8")
    assert long == preset_text("long-tenors")


def test_the_long_tenors_are_bought_at_the_money_at_30_110_and_220_days() -> None:
    ladder = load_policy("long-tenors").ladder
    assert [ladder.delta_of(rung) for rung in LADDER] == [0.5] * len(LADDER)
    assert [ladder.tier(tier).target_dte for tier in Tier] == [30, 110, 220]
    assert ladder.delta_of(Rung.D2) == 0.5


@pytest.mark.parametrize("name", ["long-tenors"])
@pytest.mark.parametrize("tier", [Tier.M, Tier.D])
def test_a_window_holds_the_nearest_monthly_on_every_day(name: str, tier: Tier) -> None:
    """VIX settles monthly on the Wednesday 30 days before a third Friday: 28 or 35 days apart."""
    window = load_policy(name).ladder.tier(tier)
    for offset in range(3 * 365):
        day = date(2017, 1, 2) + timedelta(days=offset)
        ahead = [(settles - day).days for settles in SETTLEMENTS]
        nearest = min(ahead, key=lambda days: abs(days - window.target_dte))
        assert window.min_dte <= nearest <= window.max_dte


def _third_friday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


SETTLEMENTS = [
    _third_friday(2017 + (month // 12), month % 12 + 1) - timedelta(days=30)
    for month in range(5 * 12)
]


@pytest.mark.parametrize("tier", list(Tier))
def test_the_exchange_lists_each_long_month_with_its_future(tier: Tier) -> None:
    """Calls 240 days out can be bought and priced: their future is listed as far."""
    window = load_policy("long-tenors").ladder.tier(tier)
    table = index_option_sessions(date(2016, 1, 4), date(2020, 12, 31))
    for session in table.sessions:
        if session.date > date(2019, 6, 28):
            break
        months = listed_settlements(ContractClass.VIX, session.date, table)
        ahead = {month: (month - session.date).days for month in months}
        within = [m for m in months if window.min_dte <= ahead[m] <= window.max_dte]
        assert within, session.date
        bought = min(within, key=lambda month: abs(ahead[month] - window.target_dte))
        assert bought in listed_settlements(ContractClass.VX, session.date, table)


@pytest.mark.parametrize(("name", "hint"), [("long-tenor", "'long-tenors'?"), ("zzz", "presets: ")])
def test_a_name_that_is_neither_preset_nor_file_is_one_clear_error(name: str, hint: str) -> None:
    with pytest.raises(ConfigurationError, match="no preset of that name") as caught:
        load_policy(name)
    assert hint in str(caught.value)
