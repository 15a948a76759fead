"""GET and POST /readings."""
import secrets
import time
from datetime import datetime, timezone
from typing import Optional
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query
from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from . import paging
from .auth import Caller, caller
from .db import get_read_session, get_session
from .models import Meter, Reading
from .schemas import Envelope, Page, ReadingIn, ReadingOut, ReadingSaved, Source, State
from .validation import check

router = APIRouter()


def uuid7() -> UUID:
    stamp = int(time.time() * 1000) << 80
    return UUID(int=stamp | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62))


@router.get("/readings", response_model=Envelope[Page[ReadingOut]])
async def list_readings(
    meter_id: Optional[UUID] = None,
    agent_id: Optional[UUID] = None,
    verified: Optional[bool] = None,
    state: Optional[State] = None,
    source: Optional[Source] = None,
    from_: Optional[datetime] = Query(None, alias="from"),
    to: Optional[datetime] = None,
    page: int = Query(1, ge=1),
    limit: int = Query(20, ge=1, le=100),
    cursor: Optional[str] = None,
    who: Caller = Depends(caller),
    session: AsyncSession = Depends(get_read_session),
):
    conditions = []
    if meter_id is not None:
        conditions.append(Reading.meter_id == meter_id)
    if agent_id is not None:
        conditions.append(Reading.agent_id == agent_id)
    if verified is not None:
        conditions.append(Reading.verified.is_(verified))
    if state is not None:
        conditions.append(Reading.state == state.value)
    if source is not None:
        conditions.append(Reading.source == source.value)
    if from_ is not None:
        conditions.append(Reading.reading_timestamp >= from_)
    if to is not None:
        conditions.append(Reading.reading_timestamp < to)

    query = select(Reading).where(*conditions).order_by(Reading.reading_timestamp.desc(), Reading.id.desc())
    if cursor is not None:
        at, last = paging.decode_cursor(cursor, 2)
        query = query.where(tuple_(Reading.reading_timestamp, Reading.id) < (datetime.fromisoformat(at), UUID(last)))
    else:
        query = query.offset((page - 1) * limit)
    rows = (await session.execute(query.limit(limit + 1))).scalars().all()
    items = rows[:limit]
    next_cursor = None
    if len(rows) > limit:
        next_cursor = paging.encode_cursor(items[-1].reading_timestamp.isoformat(), str(items[-1].id))
    if cursor is not None:
        return {"data": paging.walked(items, limit, next_cursor)}
    total = await paging.capped_total(session, Reading, conditions)
    return {"data": paging.numbered(items, total, page, limit, next_cursor)}


@router.post("/readings", status_code=201, response_model=Envelope[ReadingSaved])
async def submit_reading(
    body: ReadingIn, who: Caller = Depends(caller), session: AsyncSession = Depends(get_session)
):
    meter = await session.get(Meter, body.meter_id)
    if meter is None:
        raise HTTPException(404, "There is no such meter.")
    if body.reading_timestamp.tzinfo is None:
        raise HTTPException(400, "reading_timestamp needs an offset.")
    # Fourteen monthly readings reach back past the same month of last year.
    history = (
        await session.execute(
            select(Reading.reading_timestamp, Reading.reading_value)
            .where(
                Reading.meter_id == body.meter_id,
                Reading.state == "accepted",
                Reading.reading_timestamp < body.reading_timestamp,
            )
            .order_by(Reading.reading_timestamp.desc(), Reading.id.desc())
            .limit(14)
        )
    ).all()
    now = datetime.now(timezone.utc)
    verdict = check(body.reading_value, body.reading_timestamp, now, meter, history)
    reading_id = uuid7()
    reading = Reading(
        id=reading_id,
        client_id=body.client_id or reading_id,
        meter_id=meter.id,
        agent_id=who.id,
        reading_value=body.reading_value,
        consumption=verdict.consumption,
        reading_timestamp=body.reading_timestamp,
        source=body.source.value,
        state=verdict.state,
        quality="valid" if verdict.state == "accepted" else "suspect",
        verified=False,
        flags=verdict.flags,
        notes=body.notes,
        created_at=now,
    )
    session.add(reading)
    try:
        await session.commit()
    except IntegrityError:
        raise HTTPException(409, "A reading with this client_id is already stored.")
    saved = ReadingOut.from_orm(reading).dict()
    return {"data": {**saved, "verdict": verdict.state, "explanation": verdict.explanation}}
