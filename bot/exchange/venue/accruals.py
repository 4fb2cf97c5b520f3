"""Interest between the night that earned it and the day that pays it, by month."""

from datetime import date
from decimal import Decimal

from bot.exchange.venue.records import Interest, InterestAccrued, InterestPaid


class Accruals:
    """Interest that is owed to the account, or by it.

    Attributes:
        earned_usd: All interest since the account was opened, paid or not.
    """

    def __init__(self) -> None:
        self.earned_usd = Decimal(0)
        self._months: dict[date, Interest] = {}

    def unpaid(self) -> Interest:
        """Return what has accrued and is not yet paid."""
        total = Interest()
        for interest in self._months.values():
            total = total.plus(interest)
        return total

    def has_unpaid(self, before: date) -> bool:
        """Tell whether something of a month that began before that date is unpaid."""
        return any(month < before for month in self._months)

    def accrue(self, record: InterestAccrued) -> None:
        """Add one night."""
        month = record.day.replace(day=1)
        self._months[month] = self._months.get(month, Interest()).plus(record.interest)
        self.earned_usd += record.interest.total_usd

    def pay(self, record: InterestPaid) -> Decimal:
        """Take out what is paid, and return it in USD."""
        paid = [month for month in self._months if month < record.before]
        return sum((self._months.pop(month).total_usd for month in paid), Decimal(0))
