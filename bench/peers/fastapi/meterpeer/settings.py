"""Configuration from the environment."""
from pydantic import BaseSettings


class Settings(BaseSettings):
    database_url: str = "postgresql+asyncpg://peer@127.0.0.1:25433/peer"
    jwt_secret: str
    jwt_minutes: int = 15
    pool_size: int = 8
    total_cap: int = 100_000


settings = Settings()
