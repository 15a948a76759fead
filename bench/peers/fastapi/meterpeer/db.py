"""One pooled engine a worker; asyncpg prepares each statement once a connection."""
from typing import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker

from .settings import settings

engine = create_async_engine(
    settings.database_url,
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_pre_ping=False,
    connect_args={"prepared_statement_cache_size": 200},
)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


# Reads need no transaction of their own: this saves a BEGIN and a ROLLBACK a request. The pool is the same.
ReadSession = sessionmaker(
    engine.execution_options(isolation_level="AUTOCOMMIT"), class_=AsyncSession, expire_on_commit=False
)


async def get_read_session() -> AsyncIterator[AsyncSession]:
    async with ReadSession() as session:
        yield session


async def get_session() -> AsyncIterator[AsyncSession]:
    async with Session() as session:
        yield session
