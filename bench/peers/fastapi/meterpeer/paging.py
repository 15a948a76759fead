"""Exact totals up to a cap, numbered pages, and keyset cursors."""
import base64
import binascii
from typing import List, Optional, Tuple

from fastapi import HTTPException
from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from .settings import settings


async def capped_total(session: AsyncSession, table, conditions) -> int:
    inner = select(literal_column("1")).select_from(table).where(*conditions).limit(settings.total_cap + 1).subquery()
    return (await session.execute(select(func.count()).select_from(inner))).scalar_one()


def encode_cursor(*parts: str) -> str:
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, count: int) -> List[str]:
    try:
        parts = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|")
    except (binascii.Error, UnicodeDecodeError):
        raise HTTPException(400, "The cursor is not valid.")
    if len(parts) != count:
        raise HTTPException(400, "The cursor is not valid.")
    return parts


def totals(total: int, page: int, limit: int) -> Tuple[int, bool, int]:
    capped = total > settings.total_cap
    total = min(total, settings.total_cap)
    return total, capped, -(-total // limit)


def numbered(items: list, total: int, page: int, limit: int, next_cursor: Optional[str]) -> dict:
    total, capped, pages = totals(total, page, limit)
    return dict(items=items, total=total, total_capped=capped, page=page, limit=limit, pages=pages,
                has_next=page < pages or capped, has_prev=page > 1, next_cursor=next_cursor)


def walked(items: list, limit: int, next_cursor: Optional[str]) -> dict:
    return dict(items=items, total=None, page=None, limit=limit, pages=None,
                has_next=next_cursor is not None, has_prev=True, next_cursor=next_cursor)
