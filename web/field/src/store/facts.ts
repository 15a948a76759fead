import type { FieldDatabase } from "./database.ts";
import type { Facts } from "./records.ts";

export async function readFact<Name extends keyof Facts>(database: FieldDatabase, name: Name): Promise<Facts[Name] | null> {
  return ((await database.get("facts", name)) as Facts[Name] | undefined) ?? null;
}

/** null forgets the fact. */
export async function writeFact<Name extends keyof Facts>(database: FieldDatabase, name: Name, value: Facts[Name] | null): Promise<void> {
  if (value === null) await database.delete("facts", name);
  else await database.put("facts", value, name);
}
