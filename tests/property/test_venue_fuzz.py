"""Whatever readable request comes, no desk fails, and each answer is spelled in any version."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exchange.venue.floor import Outbox
from bot.exchange.wire import requests as ask
from bot.exchange.wire.decoding import decoder_of
from bot.exchange.wire.encoding import encoder_of
from bot.exchange.wire.errors import ProtocolError
from bot.exchange.wire.versions import MIN_VERSION
from tests.fuzz.seeds import seeds
from tests.support.venue_rig import CALL_15, Rig, at, quote
from tests.support.wire_peer import split_frames

SEEDS = [(MIN_VERSION + seed[0], split_frames(seed[2:])[0]) for seed in list(seeds())[:-1]]
PLAIN = (
    ["1", "11", "5", str(CALL_15), *[""] * 6, "SMART", *[""] * 4, "0", "106", "0", "0", ""],
    ["9", "8", "5", "0", "VIX", "OPT", "20180214", "15", "C", *[""] * 10],
    [
        *("20", "5", str(CALL_15), *[""] * 6, "SMART", *[""] * 4, "0", "", "5 mins", "1 D"),
        *("1", "TRADES", "1", "0", ""),
    ],
)
WORDS = st.sampled_from(
    [
        *("", "0", "1", "2", "-1", "5", "0.05", "1e14", "1e-11", "2147483647"),
        *("1.7976931348623157e308", "VIX", "SPX", "OPT", "IND", "FUT", "BAG", "SMART", "CBOE"),
        *("20180214", "BUY", "SELL", "LMT", "MKT", "STP", "TRAIL", "DAY", "GTC", "IOC", "GTD"),
        *("1 D", "30 Y", "0 S", "1 day", "5 mins", "TRADES", "BID_ASK", "SCHEDULE", "Last"),
        *("20180116 09:30:00", "20180116-14:30:00", "99991231 23:59:59", "20180116 09:30:00 US"),
        *("All", "NetLiquidation", "$LEDGER", "233", "100,101,106", "true", "\u00e9", "x" * 40),
    ]
)


@st.composite
def requests(draw: st.DrawFn) -> ask.Request | None:
    """A real request, or one of a few that are served, with some fields replaced."""
    version, fields = draw(st.sampled_from([*SEEDS, *((175, list(one)) for one in PLAIN)]))
    fields = list(fields)
    for _ in range(draw(st.integers(0, 4))):
        fields[draw(st.integers(0, len(fields) - 1)) or -1] = draw(WORDS)
    try:
        return decoder_of(version).decode("".join(f"{field}\0" for field in fields).encode())
    except ProtocolError:
        return None


def spell(outbox: Outbox) -> None:
    for replies in outbox.replies.values():
        for version in (157, 163, 170, 178):
            encoder_of(version).encode_all(replies)


@settings(max_examples=150, deadline=None)
@given(st.lists(requests(), min_size=1, max_size=12), st.sampled_from([1, 60, 3600]))
def test_no_readable_request_makes_a_desk_fail(
    asked: list[ask.Request | None], seconds: int
) -> None:
    rig = Rig(lines=[quote(CALL_15, "1.00", "1.10")])
    session, now = rig.connect(), at("2018-01-16T10:00")
    for request in asked:
        if request is not None and session in rig.floor.clients:
            spell(rig.venue.handle(session, request))
        now += timedelta(seconds=seconds)
        spell(rig.venue.advance(now))
