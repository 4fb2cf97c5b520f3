"""The market of one scenario and seed: every answer is a pure function of the time asked.

What is kept between calls (paths, instruments, the quotes of the last moment) only saves work.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import numpy as np

from bot.domain.instruments import ConId, Future, Index, Instrument
from bot.domain.sessions import NEW_YORK, SessionTable
from bot.exchange.market.bars import bars_of_future, bars_of_index
from bot.exchange.market.curve import Anchors, anchors_by_day
from bot.exchange.market.path import SessionPath, session_path
from bot.exchange.market.quote import DailyBar, MarketQuote
from bot.exchange.market.quoting import Draw, make_book
from bot.exchange.market.timeline import Moment, Timeline
from bot.exchange.market.valuation import Values, World, as_columns, value_all
from bot.exchange.reference.conid import SPX_ID, VIX_ID
from bot.exchange.reference.reference import Reference
from bot.exchange.scenarios.scenario import Scenario
