"""Year fractions by hand, and the forward that calls and puts tell."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bot.pricing import black76
from bot.pricing.forward import (
    BidAsk,
    ParityForward,
    parity_band,
    parity_excess,
    parity_forward,
    year_fraction,
)

NEW_YORK = ZoneInfo("America/New_York")
NAN = math.nan


class TestYearFraction:
    def test_a_year_of_365_days_is_one(self) -> None:
        now, settlement = datetime(2026, 1, 21, tzinfo=UTC), datetime(2027, 1, 21, tzinfo=UTC)
        assert year_fraction(now, settlement) == 1.0

    def test_it_runs_to_the_opening_of_the_settlement_morning(self) -> None:
        """Tuesday 16:00 to Wednesday 09:30 is seventeen hours and a half."""
        now = datetime(2026, 12, 15, 16, 0, tzinfo=NEW_YORK)
        settlement = datetime(2026, 12, 16, 9, 30, tzinfo=NEW_YORK)
        assert year_fraction(now, settlement) == pytest.approx(17.5 / 24 / 365, rel=1e-15)

    def test_a_clock_change_between_the_times_counts(self) -> None:
        """On the night of 8 March 2026 New York loses an hour that both clock faces hide."""
        now = datetime(2026, 3, 7, 9, 30, tzinfo=NEW_YORK)
        settlement = datetime(2026, 3, 8, 9, 30, tzinfo=NEW_YORK)
        assert year_fraction(now, settlement) == pytest.approx(23 / 24 / 365, rel=1e-15)

    def test_the_zones_may_differ(self) -> None:
        now = datetime(2026, 12, 16, 13, 30, tzinfo=UTC)
        settlement = datetime(2026, 12, 16, 9, 30, tzinfo=NEW_YORK)
        assert year_fraction(now, settlement) == pytest.approx(1 / 24 / 365, rel=1e-15)

    def test_after_settlement_it_is_negative(self) -> None:
        now, settlement = datetime(2026, 1, 22, tzinfo=UTC), datetime(2026, 1, 21, tzinfo=UTC)
        assert year_fraction(now, settlement) == -1 / 365

    def test_a_time_without_a_zone_is_refused(self) -> None:
        aware = datetime(2026, 1, 21, tzinfo=UTC)
        naive = aware.replace(tzinfo=None)
        for pair in ((aware, naive), (naive, aware)):
            with pytest.raises(ValueError, match="time zone"):
                year_fraction(*pair)


class TestParityForward:
    def test_model_prices_tell_their_forward(self) -> None:
        strikes = np.array([16.0, 18.0, 20.0, 25.0])
        volatilities = [0.7, 0.8, 0.9, 1.1]
        calls = black76.price(18.4, strikes, 0.2, volatilities, 0.05, is_call=True)
        puts = black76.price(18.4, strikes, 0.2, volatilities, 0.05, is_call=False)
        assert parity_forward(strikes, calls, puts, 0.2, 0.05) == pytest.approx(18.4, abs=1e-12)

    def test_by_hand_with_one_bad_pair(self) -> None:
        """Without interest the pairs say 18.5, 18.4 and 25: the median shrugs the last one off."""
        forward = parity_forward([17, 18, 19], [2.5, 1.9, 7.5], [1.0, 1.5, 1.5], 0.2, 0.0)
        assert forward == pytest.approx(18.5)

    def test_interest_grows_the_difference_to_settlement(self) -> None:
        forward = parity_forward([18.0], [3.0], [1.0], 1.0, math.log(1.05))
        assert forward == pytest.approx(18.0 + 2.1)

    def test_pairs_with_an_unknown_price_are_left_out(self) -> None:
        forward = parity_forward([17, 18, 19], [NAN, 1.9, 1.4], [1.0, 1.5, NAN], 0.2, 0.0)
        assert forward == pytest.approx(18.4)

    def test_without_a_pair_it_is_unknown(self) -> None:
        assert math.isnan(parity_forward([17.0], [NAN], [1.0], 0.2, 0.0))
        assert math.isnan(parity_forward([], [], [], 0.2, 0.0))


class TestParityBand:
    def test_by_hand(self) -> None:
        """Pairs say 18.50 +- 0.10, 18.40 +- 0.15 and 18.60 +- 0.20."""
        calls = BidAsk([2.45, 1.85, 1.50], [2.55, 1.95, 1.70])
        puts = BidAsk([0.95, 1.40, 1.90], [1.05, 1.60, 2.10])
        band = parity_band([17.0, 18.0, 19.0], calls, puts, 0.2, 0.0)
        assert band.mid == pytest.approx(18.50)
        assert band.half_spread == pytest.approx(0.15)
        assert band.pairs == 3

    def test_interest_grows_mid_and_room(self) -> None:
        band = parity_band([18.0], BidAsk([2.9], [3.1]), BidAsk([0.9], [1.1]), 1.0, math.log(1.05))
        assert band.mid == pytest.approx(20.1)
        assert band.half_spread == pytest.approx(0.21)

    @pytest.mark.parametrize(
        ("bid", "ask"), [(NAN, 2.0), (2.0, NAN), (-1.0, 2.0), (2.1, 2.0), (2.0, math.inf)]
    )
    def test_unsound_quotes_are_left_out(self, bid: float, ask: float) -> None:
        sound = BidAsk([1.0, 1.0], [1.2, 1.2])
        doubtful = BidAsk([1.0, bid], [1.2, ask])
        for calls, puts in ((doubtful, sound), (sound, doubtful)):
            band = parity_band([18.0, 30.0], calls, puts, 0.2, 0.0)
            assert band == pytest.approx(ParityForward(mid=18.0, half_spread=0.2, pairs=1))

    def test_a_bid_of_zero_is_a_quote(self) -> None:
        band = parity_band([18.0], BidAsk([0.0], [0.2]), BidAsk([0.0], [0.2]), 0.2, 0.0)
        assert band.pairs == 1

    def test_without_a_pair_it_is_unknown(self) -> None:
        band = parity_band([NAN], BidAsk([1.0], [1.2]), BidAsk([1.0], [1.2]), 0.2, 0.0)
        assert math.isnan(band.mid)
        assert math.isnan(band.half_spread)
        assert band.pairs == 0


class TestParityExcess:
    BAND = ParityForward(mid=18.5, half_spread=0.15, pairs=3)

    def test_agreement_within_the_spreads_is_below_zero(self) -> None:
        assert parity_excess(self.BAND, 18.55, 18.65) == pytest.approx(0.1 - 0.15 - 0.05)

    @pytest.mark.parametrize(("bid", "ask"), [(18.95, 19.05), (17.95, 18.05)])
    def test_a_gap_beyond_the_spreads_is_above_zero(self, bid: float, ask: float) -> None:
        assert parity_excess(self.BAND, bid, ask) == pytest.approx(0.5 - 0.15 - 0.05)

    @pytest.mark.parametrize(("bid", "ask"), [(NAN, 18.6), (18.6, 18.5)])
    def test_an_unsound_future_tells_nothing(self, bid: float, ask: float) -> None:
        assert math.isnan(parity_excess(self.BAND, bid, ask))

    def test_an_unknown_forward_tells_nothing(self) -> None:
        assert math.isnan(parity_excess(ParityForward(NAN, NAN, 0), 18.5, 18.6))
