"""GET /meters: the list the load driver learns the ids from."""
from typing import Optional

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from . import paging
from .auth import Caller, caller
from .db import get_read_session
from .models import Meter
from .schemas import Envelope, MeterOut, Page

router = APIRouter()


@router.get("/meters", response_model=Envelope[Page[MeterOut]])
async def list_meters(
    page: int = Query(1, ge=1),
    limit: int = Query(20, ge=1, le=100),
    cursor: Optional[str] = None,
    who: Caller = Depends(caller),
    session: AsyncSession = Depends(get_read_session),
):
    query = select(Meter).order_by(Meter.serial_number)
    if cursor is not None:
        query = query.where(Meter.serial_number > paging.decode_cursor(cursor, 1)[0])
    else:
        query = query.offset((page - 1) * limit)
    rows = (await session.execute(query.limit(limit + 1))).scalars().all()
    items = rows[:limit]
    next_cursor = paging.encode_cursor(items[-1].serial_number) if len(rows) > limit else None
    if cursor is not None:
        return {"data": paging.walked(items, limit, next_cursor)}
    total = await paging.capped_total(session, Meter, [])
    return {"data": paging.numbered(items, total, page, limit, next_cursor)}
