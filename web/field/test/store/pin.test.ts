import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test } from "vitest";

import { deviceId, openPhone, readPhone, type PhoneDatabase } from "../../src/store/phone.ts";
import { checkPin, clearPin, setPin } from "../../src/store/pin.ts";
import { there } from "../sync/phone.ts";

let phone: PhoneDatabase;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  phone = await openPhone();
});
afterEach(() => {
  phone.close();
});

test("A PIN opens for its person, is not kept as it is, and two of the same differ", async () => {
  await setPin(phone, "ann", "4711");
  const first = there(await readPhone(phone, "pin"));
  expect(await checkPin(phone, "ann", "4711")).toEqual({ ok: true });
  expect(await checkPin(phone, "ann", "4712")).toEqual({ ok: false, wait_ms: 0 });
  expect(first).toMatchObject({ rounds: 210_000 });
  expect(Buffer.from(first.hash).includes("4711")).toBe(false);
  await setPin(phone, "ann", "4711");
  expect(Buffer.compare(there(await readPhone(phone, "pin")).hash, first.hash)).not.toBe(0);
});

test("After five wrong ones each try waits, longer each time, up to an hour; the right one does not help before", async () => {
  await setPin(phone, "ann", "4711");
  let now = 1_000_000;
  const waits: number[] = [];
  for (let at = 0; at < 14; at++) {
    const answer = await checkPin(phone, "ann", "0000", now);
    if (answer.ok) throw new Error("That was not the PIN.");
    waits.push(answer.wait_ms);
    if (answer.wait_ms > 0) expect(await checkPin(phone, "ann", "4711", now + 1)).toEqual({ ok: false, wait_ms: answer.wait_ms - 1 });
    now += answer.wait_ms;
  }
  expect(waits).toEqual([0, 0, 0, 0, 30_000, 60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_600_000, 3_600_000, 3_600_000]);
  expect(await checkPin(phone, "ann", "4711", now)).toEqual({ ok: true });
  expect(await checkPin(phone, "ann", "0000", now)).toEqual({ ok: false, wait_ms: 0 });
});

test("A clock set back by days makes nobody wait longer than an hour", async () => {
  await setPin(phone, "ann", "4711");
  for (let at = 0; at < 5; at++) await checkPin(phone, "ann", "0000", 9e11);
  expect(await checkPin(phone, "ann", "4711", 1000)).toEqual({ ok: false, wait_ms: 3_600_000 });
});

test("Without a PIN, and with another person's, nothing is asked", async () => {
  expect(await checkPin(phone, "ann", "")).toEqual({ ok: true });
  await setPin(phone, "bea", "4711");
  expect(await checkPin(phone, "ann", "")).toEqual({ ok: true });
  await clearPin(phone);
  expect(await checkPin(phone, "bea", "0000")).toEqual({ ok: true });
});

test.each(["471", "47111", "47a1", ""])("'%s' is no PIN", async (pin) => {
  await expect(setPin(phone, "ann", pin)).rejects.toThrow(RangeError);
});

test("A phone has one name, whoever asks first", async () => {
  const [one, other] = await Promise.all([deviceId(phone), deviceId(phone)]);
  expect(one).toBe(other);
  expect(await deviceId(phone)).toBe(one);
});
