import type { FieldDatabase } from "./database.ts";
import type { Receipt } from "./records.ts";

export type SyncTrouble = "offline" | "server" | "signed_out" | "disabled" | "revoked";

/** Single values of one person's database, by name. */
export type Facts = {
  /** Where `GET /sync/changes` goes on. */
  cursor: string;
  /** The life of the server's data that was last heard of. */
  epoch: string;
  /** The newest receipt of that epoch. */
  last_receipt: Receipt & { client_id: string };
  /** Server's clock minus the phone's, in milliseconds. */
  server_offset_ms: number;
  /** When the server was last heard of, by the phone's clock. */
  synced_at: number;
  offline_since: number;
  trouble: SyncTrouble;
  failures: number;
  /** When the next try comes by itself, after one that failed. */
  next_try_at: number;
  tidied_at: number;
  /** What was found missing when the phone's store was compared with the server's receipts. */
  eviction: { found_at: number; safe: number; lost: number };
  /** How many items this store has ever saved; the tally beside it (tally.ts) counts too, so that an emptied store is noticed. */
  saved_count: number;
};

export async function readFact<Name extends keyof Facts>(database: FieldDatabase, name: Name): Promise<Facts[Name] | null> {
  return ((await database.get("facts", name)) as Facts[Name] | undefined) ?? null;
}

/** null forgets the fact. */
export async function writeFact<Name extends keyof Facts>(database: FieldDatabase, name: Name, value: Facts[Name] | null): Promise<void> {
  if (value === null) await database.delete("facts", name);
  else await database.put("facts", value, name);
}
