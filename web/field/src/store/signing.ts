import { MeterSyncError, type MeterSyncClient } from "@metersync/api";

import { openFieldDatabase } from "./database.ts";
import { writeFact } from "./facts.ts";
import { clearPin } from "./pin.ts";
import { deviceId, readPhone, writePhone, type PhoneDatabase } from "./phone.ts";
import type { User } from "./records.ts";

type Me = User & { permissions: readonly string[] };

/** What waits on this phone for a person, whoever is signed in. */
export type Kept = { user: User; count: number };

/**
 * Signs somebody in with the network, and remembers who it is; from then on the phone works without.
 * @throws MeterSyncError as the server answers; `field.no_field_work` where the account may not send what the phone makes.
 */
export async function signIn(client: MeterSyncClient, phone: PhoneDatabase, username: string, password: string): Promise<User> {
  await client.forget();
  await client.signIn({ email: username, password, remember_me: true, cookie: true });
  const me = await client.call<Me>("GET", "/api/v1/auth/me", { headers: { "x-device-id": await deviceId(phone) } });
  if (!me.permissions.includes("sync:push")) {
    await client.signOut();
    throw new MeterSyncError("This account has no field work.", { status: 403, code: "field.no_field_work" });
  }
  const user: User = { id: me.id, name: me.name, username: me.username, email: me.email, role: me.role };
  const users = (await readPhone(phone, "users")) ?? [];
  const pin = await readPhone(phone, "pin");
  // Another person's PIN opens nothing of this one's.
  if (pin !== null && pin.user_id !== user.id) await clearPin(phone);
  await writePhone(phone, "users", [...users.filter((one) => one.id !== user.id), user]);
  await writePhone(phone, "user", user);
  await forgetTrouble(user.id);
  return user;
}

/** Ends the session. What is unsent stays on the phone, and goes when this person signs in again. */
export async function signOut(client: MeterSyncClient, phone: PhoneDatabase): Promise<void> {
  await writePhone(phone, "user", null);
  await clearPin(phone);
  try {
    // A page just opened holds no token yet, and the cookie has to go as well.
    if (await client.resume()) await client.signOut();
  } catch (error) {
    // Without network the office ends the session by its time; on this phone it is over.
    if (!(error instanceof MeterSyncError)) throw error;
    await client.forget();
  }
}

export async function keptForUsers(phone: PhoneDatabase): Promise<readonly Kept[]> {
  const users = (await readPhone(phone, "users")) ?? [];
  return Promise.all(
    users.map(async (user) => {
      const database = await openFieldDatabase(user.id);
      try {
        return { user, count: await database.countFromIndex("outbox", "state", "waiting") };
      } finally {
        database.close();
      }
    }),
  );
}

async function forgetTrouble(userId: string): Promise<void> {
  const database = await openFieldDatabase(userId);
  try {
    await Promise.all([writeFact(database, "trouble", null), writeFact(database, "offline_since", null), writeFact(database, "failures", null), writeFact(database, "next_try_at", null)]);
  } finally {
    database.close();
  }
}
