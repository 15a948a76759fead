"""python3 -m meterpeer.add_user EMAIL PASSWORD ROLE"""
import asyncio
import secrets
import sys

from .auth import hash_password
from .db import Session, engine
from .models import User
from .readings import uuid7


async def add(email: str, password: str, role: str) -> None:
    salt = secrets.token_bytes(16)
    async with Session() as session:
        digest = hash_password(password, salt)
        session.add(User(id=uuid7(), email=email, password_salt=salt, password_hash=digest, role=role))
        await session.commit()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(add(*sys.argv[1:4]))
