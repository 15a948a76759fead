"""Sign-in and the bearer token check that every other route depends on."""
import asyncio
import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from uuid import UUID

import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from .db import get_session
from .models import User
from .schemas import Envelope, LoginIn, Tokens
from .settings import settings

router = APIRouter()
bearer = HTTPBearer()


class Caller(NamedTuple):
    id: UUID
    role: str


def hash_password(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


async def caller(credentials: HTTPAuthorizationCredentials = Depends(bearer)) -> Caller:
    try:
        claims = jwt.decode(
            credentials.credentials,
            settings.jwt_secret,
            algorithms=["HS256"],
            audience="peer",
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError:
        raise HTTPException(401, "The token is not valid.")
    return Caller(UUID(claims["sub"]), claims["role"])


@router.post("/auth/login", response_model=Envelope[Tokens])
async def login(body: LoginIn, session: AsyncSession = Depends(get_session)):
    user = (await session.execute(select(User).where(User.email == body.email))).scalar_one_or_none()
    if user is None:
        raise HTTPException(401, "Wrong e-mail or password.")
    digest = await asyncio.get_running_loop().run_in_executor(None, hash_password, body.password, user.password_salt)
    if not hmac.compare_digest(digest, user.password_hash):
        raise HTTPException(401, "Wrong e-mail or password.")
    lifetime = timedelta(minutes=settings.jwt_minutes)
    claims = {"sub": str(user.id), "role": user.role, "aud": "peer", "exp": datetime.now(timezone.utc) + lifetime}
    token = jwt.encode(claims, settings.jwt_secret, algorithm="HS256")
    return Envelope[Tokens](data=Tokens(access_token=token, expires_in=int(lifetime.total_seconds())))
