import { readPhone, writePhone, type PhoneDatabase, type PhoneFacts } from "./phone.ts";

/** Digits of a PIN. */
export const PIN_LENGTH = 4;

const ROUNDS = 210_000;
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

export type PinAnswer = { ok: true } | { ok: false; wait_ms: number };

export async function setPin(phone: PhoneDatabase, userId: string, pin: string): Promise<void> {
  if (!/^\d+$/.test(pin) || pin.length !== PIN_LENGTH) throw new RangeError(`A PIN has ${PIN_LENGTH} digits.`);
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await writePhone(phone, "pin", { user_id: userId, salt, rounds: ROUNDS, hash: await derive(pin, salt, ROUNDS), failures: 0, wait_until: 0 });
}

export async function clearPin(phone: PhoneDatabase): Promise<void> {
  await writePhone(phone, "pin", null);
}

/** Whether it is the person's PIN. After five that were not each try has to wait, longer each time; the waiting outlives the page. */
export async function checkPin(phone: PhoneDatabase, userId: string, pin: string, now = Date.now()): Promise<PinAnswer> {
  const kept = await readPhone(phone, "pin");
  if (kept?.user_id !== userId) return { ok: true };
  const wait = waitOf(kept, now);
  if (wait > 0) return { ok: false, wait_ms: wait };
  if (isSame(await derive(pin, kept.salt, kept.rounds), kept.hash)) {
    await writePhone(phone, "pin", { ...kept, failures: 0, wait_until: 0 });
    return { ok: true };
  }
  const failures = kept.failures + 1;
  const wait_ms = failures < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_TRIES));
  await writePhone(phone, "pin", { ...kept, failures, wait_until: now + wait_ms });
  return { ok: false, wait_ms };
}

/** A clock set back does not lengthen the wait beyond the longest there is. */
function waitOf({ wait_until: until }: NonNullable<PhoneFacts["pin"]>, now: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(0, until - now));
}

async function derive(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, key, 256));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index++) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}
