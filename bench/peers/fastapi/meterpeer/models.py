"""ORM entities over schema.sql."""
from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Integer, LargeBinary, Numeric, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(UUID(as_uuid=True), primary_key=True)
    email = Column(Text, nullable=False, unique=True)
    password_salt = Column(LargeBinary, nullable=False)
    password_hash = Column(LargeBinary, nullable=False)
    role = Column(Text, nullable=False)


class Meter(Base):
    __tablename__ = "meters"
    id = Column(UUID(as_uuid=True), primary_key=True)
    serial_number = Column(Text, nullable=False, unique=True)
    type = Column(Text, nullable=False)
    status = Column(Text, nullable=False)
    address = Column(Text, nullable=False)
    latitude = Column(Float)
    longitude = Column(Float)
    owner = Column(Text)
    location_id = Column(Text)
    digits = Column(Integer, nullable=False)
    decimals = Column(Integer, nullable=False)
    unit = Column(Text, nullable=False)
    multiplier = Column(Numeric(12, 4), nullable=False)
    created_at = Column(DateTime(timezone=True), nullable=False, server_default=func.now())


class Reading(Base):
    __tablename__ = "readings"
    id = Column(UUID(as_uuid=True), primary_key=True)
    client_id = Column(UUID(as_uuid=True), nullable=False)
    meter_id = Column(UUID(as_uuid=True), ForeignKey("meters.id"), nullable=False)
    agent_id = Column(UUID(as_uuid=True), ForeignKey("users.id"))
    reading_value = Column(Numeric(18, 4), nullable=False)
    consumption = Column(Numeric(18, 4))
    reading_timestamp = Column(DateTime(timezone=True), nullable=False)
    source = Column(Text, nullable=False)
    state = Column(Text, nullable=False)
    quality = Column(Text, nullable=False)
    verified = Column(Boolean, nullable=False, default=False)
    flags = Column(ARRAY(Text), nullable=False, default=list)
    notes = Column(Text)
    created_at = Column(DateTime(timezone=True), nullable=False)
