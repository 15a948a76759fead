-- The peer's schema: the same facts and the same kinds of index a list of readings needs.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    password_salt bytea NOT NULL,
    password_hash bytea NOT NULL,
    role text NOT NULL
);

CREATE TABLE meters (
    id uuid PRIMARY KEY,
    serial_number text NOT NULL UNIQUE,
    type text NOT NULL,
    status text NOT NULL,
    address text NOT NULL,
    latitude double precision,
    longitude double precision,
    owner text,
    location_id text,
    digits integer NOT NULL,
    decimals integer NOT NULL,
    unit text NOT NULL,
    multiplier numeric(12, 4) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE readings (
    id uuid PRIMARY KEY,
    client_id uuid NOT NULL,
    meter_id uuid NOT NULL REFERENCES meters (id),
    agent_id uuid REFERENCES users (id),
    reading_value numeric(18, 4) NOT NULL,
    consumption numeric(18, 4),
    reading_timestamp timestamptz NOT NULL,
    source text NOT NULL,
    state text NOT NULL,
    quality text NOT NULL,
    verified boolean NOT NULL DEFAULT false,
    flags text[] NOT NULL DEFAULT '{}',
    notes text,
    created_at timestamptz NOT NULL DEFAULT now()
);
