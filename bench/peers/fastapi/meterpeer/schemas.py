"""What goes over the wire."""
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Generic, List, Optional, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic.generics import GenericModel

T = TypeVar("T")


class Source(str, Enum):
    manual = "manual"
    photo = "photo"
    ocr = "ocr"
    telemetry = "telemetry"
    customer = "customer"
    import_ = "import"
    estimate = "estimate"


class State(str, Enum):
    captured = "captured"
    held = "held"
    accepted = "accepted"
    rejected = "rejected"
    superseded = "superseded"


class Envelope(GenericModel, Generic[T]):
    success: bool = True
    data: T
    message: Optional[str] = None


class Page(GenericModel, Generic[T]):
    items: List[T]
    total: Optional[int]
    total_capped: bool = False
    page: Optional[int]
    limit: int
    pages: Optional[int]
    has_next: bool
    has_prev: bool
    next_cursor: Optional[str]


class LoginIn(BaseModel):
    email: str
    password: str


class Tokens(BaseModel):
    access_token: str
    token_type: str = "bearer"
    expires_in: int


class MeterOut(BaseModel):
    id: UUID
    serial_number: str
    type: str
    status: str
    address: str
    latitude: Optional[float]
    longitude: Optional[float]
    owner: Optional[str]
    location_id: Optional[str]
    unit: str

    class Config:
        orm_mode = True


class ReadingOut(BaseModel):
    id: UUID
    client_id: UUID
    meter_id: UUID
    agent_id: Optional[UUID]
    reading_value: Decimal
    consumption: Optional[Decimal]
    reading_timestamp: datetime
    source: Source
    state: State
    quality: str
    verified: bool
    flags: List[str]
    notes: Optional[str]
    created_at: datetime

    class Config:
        orm_mode = True


class ReadingIn(BaseModel):
    meter_id: UUID
    reading_value: Decimal = Field(ge=0, max_digits=18, decimal_places=4)
    reading_timestamp: datetime
    client_id: Optional[UUID]
    source: Source = Source.manual
    notes: Optional[str] = Field(None, max_length=2000)


class ReadingSaved(ReadingOut):
    verdict: str
    explanation: str
