import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import { uuidv7 } from "./identity.ts";
import type { User } from "./records.ts";
import { keepTally, readTally } from "./tally.ts";

/** What belongs to the phone whoever holds it: who it is, who signed in last, how it looks. */
export type PhoneFacts = {
  device_id: string;
  user: User;
  users: readonly User[];
  /** The PIN as PBKDF2-SHA-256 of its digits. */
  pin: { user_id: string; salt: Uint8Array<ArrayBuffer>; rounds: number; hash: Uint8Array<ArrayBuffer>; failures: number; wait_until: number };
  theme: "system" | "light" | "dark" | "outdoor";
  language: string;
  haptics: boolean;
};

interface PhoneSchema extends DBSchema {
  facts: { key: string; value: PhoneFacts[keyof PhoneFacts] };
}

export type PhoneDatabase = IDBPDatabase<PhoneSchema>;

export function openPhone(): Promise<PhoneDatabase> {
  return openDB<PhoneSchema>("metersync-phone", 1, {
    upgrade: (database) => void database.createObjectStore("facts"),
  });
}

export async function readPhone<Name extends keyof PhoneFacts>(phone: PhoneDatabase, name: Name): Promise<PhoneFacts[Name] | null> {
  return ((await phone.get("facts", name)) as PhoneFacts[Name] | undefined) ?? null;
}

/** null forgets the fact. */
export async function writePhone<Name extends keyof PhoneFacts>(phone: PhoneDatabase, name: Name, value: PhoneFacts[Name] | null): Promise<void> {
  if (value === null) await phone.delete("facts", name);
  else await phone.put("facts", value, name);
}

/** What the server knows this phone by; made once, and remembered beside the store. Two pages that ask at the same time hear the same. */
export async function deviceId(phone: PhoneDatabase): Promise<string> {
  const tally = readTally();
  const made = tally?.device_id ?? uuidv7();
  const transaction = phone.transaction("facts", "readwrite");
  const known = (await transaction.store.get("device_id")) as string | undefined;
  if (known === undefined) await transaction.store.put(made, "device_id");
  await transaction.done;
  const id = known ?? made;
  if (tally?.device_id !== id) keepTally({ device_id: id, saved: tally?.saved ?? {} });
  return id;
}
