"""The checks a reading passes before it is stored: digits, negative use, rollover, high and low use."""
from datetime import datetime, timedelta
from decimal import Decimal
from typing import List, NamedTuple, Optional, Sequence, Tuple

FLOORS = {"electric": Decimal(5), "water": Decimal(2), "gas": Decimal(2), "heat": Decimal(5)}
ZERO = Decimal(0)


class Verdict(NamedTuple):
    state: str
    consumption: Optional[Decimal]
    flags: List[str]
    explanation: str


def days(earlier: datetime, later: datetime) -> Decimal:
    seconds = max((later - earlier).total_seconds(), 60.0)
    return Decimal(seconds / 86400).quantize(Decimal("0.0001"))


def check(value: Decimal, at: datetime, now: datetime, meter, history: Sequence[Tuple[datetime, Decimal]]) -> Verdict:
    """history: accepted (timestamp, value), newest first, all before `at`."""
    held: List[str] = []
    flags: List[str] = []
    if value >= Decimal(10) ** meter.digits or -value.as_tuple().exponent > meter.decimals:
        held.append("VEE-101")
    if at > now + timedelta(minutes=10) or at < now - timedelta(days=400):
        held.append("VEE-102")
    if not history:
        return verdict(held, flags, None, "First reading of this meter.")

    previous_at, previous = history[0]
    elapsed = days(previous_at, at)
    uses = [
        ((newer_at, (newer - older) * meter.multiplier / days(older_at, newer_at)))
        for (newer_at, newer), (older_at, older) in zip(history, history[1:])
    ]
    recent = sum((use for _, use in uses[:3]), ZERO) / len(uses[:3]) if uses else None
    last_year = next((use for when, use in uses if 345 <= (at - when).days <= 385), None)
    baselines = [baseline for baseline in (recent, last_year) if baseline is not None]

    advance = value - previous
    if advance < 0:
        rolled = (Decimal(10) ** meter.digits - previous + value) * meter.multiplier
        plausible = 5 * max((use for _, use in uses), default=ZERO)
        if plausible > 0 and rolled / elapsed < plausible:
            advance = rolled / meter.multiplier
            flags.append("VEE-104")
        else:
            held.append("VEE-103")
            return verdict(held, flags, None, f"{value} is below the previous reading {previous}.")

    consumption = advance * meter.multiplier
    daily = consumption / elapsed
    if meter.status != "active" and consumption > 0:
        held.append("VEE-109")
    if baselines and all(daily > 2 * baseline for baseline in baselines) and consumption > FLOORS[meter.type]:
        held.append("VEE-105")
    expected = last_year if last_year is not None else recent
    if expected is not None and expected * elapsed >= 5 and daily < expected / 2:
        flags.append("VEE-106")
    if consumption == 0:
        flags.append("VEE-107")
    return verdict(held, flags, consumption, f"{consumption} {meter.unit} in {elapsed} days.")


def verdict(held: List[str], flags: List[str], consumption: Optional[Decimal], explanation: str) -> Verdict:
    return Verdict("held" if held else "accepted", consumption, held + flags, explanation)
