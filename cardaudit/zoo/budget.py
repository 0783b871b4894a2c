"""What may be spent on retraining: time until all is over, or money for the hours of devices."""

import re
from math import inf
from time import monotonic
from typing import NamedTuple

from cardaudit.durations import seconds_in
from cardaudit.errors import CardauditError
from cardaudit.records import Rate

NUMBER = r"\d+(?:\.\d+)?"
MONEY = re.compile(rf"(?P<sign>[$€£¥])\s*(?P<amount>{NUMBER})|(?P<number>{NUMBER})\s*(?P<code>[$€£¥]|[A-Za-z]{{3}})")


class Limit(NamedTuple):
    """So many seconds: until the last retraining must be over, or, where they are `paid` for, of all devices together."""

    seconds: float
    paid: bool = False


def limit_of(budget: str, rate: Rate | None = None) -> Limit:
    """Of "8h", "30m", "90s", "2d", or of an amount of money as "$20", "20 USD": what it buys at a rate.

    Raises CardauditError for anything else, for an amount without a rate, and for two currencies.
    """
    if (seconds := seconds_in(budget)) is not None:
        return Limit(seconds)
    money = _money(budget)
    if money is None:
        raise CardauditError(
            f"--budget {budget!r} is neither a time nor an amount of money: write for example --budget 8h, 30m, 2d or 20USD"
        )
    if rate is None:
        raise CardauditError(
            f"--budget {budget!r} is an amount of money: say what an hour of one device costs, for example --hourly-rate 2.50"
        )
    if rate.currency not in ("", money.currency):
        raise CardauditError(f"--budget is in {money.currency}, --hourly-rate in {rate.currency}: give both in one currency")
    return Limit(money.amount / rate.amount * 3600, paid=True)


def rate_of(hourly: str, budget: str | None = None) -> Rate:
    """What one device costs an hour, of "2.50", "$2.50" or "2.50 USD"; a bare number is in the budget's currency.

    Raises CardauditError for what is no price above 0.
    """
    money = _money(hourly) or (Rate(float(hourly), "") if re.fullmatch(NUMBER, hourly.strip()) else None)
    if money is None or money.amount <= 0:
        raise CardauditError(f"--hourly-rate {hourly!r} is no price: write for example --hourly-rate 2.50 or 2.50USD")
    paid = _money(budget) if budget else None
    return money if money.currency or paid is None else Rate(money.amount, paid.currency)


def _money(text: str) -> Rate | None:
    match = MONEY.fullmatch(text.strip())
    return Rate(float(match["amount"] or match["number"]), match["sign"] or match["code"].upper()) if match else None


class Budget:
    """What is left of a limit; None has no end. Work is started only where its price, in seconds, fits into it.

    A price is rough. Work that takes longer than it may go on to the end of a time; of money, with what the other devices leave.
    """

    def __init__(self, allowed: Limit | None, devices: int = 1) -> None:
        self._ends = monotonic() + allowed.seconds if allowed and not allowed.paid else None
        self._left = allowed.seconds if allowed and allowed.paid else None
        self._devices = devices

    def take(self, price: float) -> float:
        """The seconds after which work of this price is to be cut, infinite without a limit; 0 where it is not to be started.

        Of money they are taken off what is left: an equal share of each device, or the price where that is more.
        """
        if self._ends is not None:
            left = self._ends - monotonic()
            return left if left > 0 and price <= left else 0.0
        if self._left is None:
            return inf
        if self._left <= 0 or price > self._left:
            return 0.0
        taken = max(price, self._left / self._devices)
        self._left -= taken
        return taken

    def ended(self, taken: float, seconds: float) -> None:
        """Work that was given so much took so many seconds."""
        if self._left is not None:
            self._left += taken - seconds
