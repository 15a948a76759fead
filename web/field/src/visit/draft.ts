import type { Stop } from "../route/stop.ts";
import type { Meter, Photo, Position, TypedValue, Visit } from "../store/records.ts";
import type { Draft } from "../store/saving.ts";
import { uuidv7 } from "../store/identity.ts";

export type SkipCode = "no_access" | "dog" | "meter_missing" | "damaged" | "unreadable" | "unsafe" | "customer_refused" | "vacant" | "other";

/** In the order of the tiles. */
export const SKIP_CODES: readonly SkipCode[] = ["no_access", "dog", "meter_missing", "damaged", "unreadable", "unsafe", "customer_refused", "vacant", "other"];

type Facts = { stop: Stop; photos: readonly Photo[]; position: Position | null; note: string; deviceId: string; now: number };
export type ReadingFacts = Facts & {
  values: readonly TypedValue[];
  /** When the meter was read, by the phone's clock; null: now. */
  readAt: number | null;
  doubleEntered: boolean;
  /** When the screen was opened: how long somebody was at the meter. */
  openedAt: number;
  corrects: string | null;
  /** The registers of the meter as typed, for lists: "00 831.742 m³". */
  detail: string;
};
export type SkipFacts = Facts & { code: SkipCode; detail: string };

/** A reading as it is kept and as it will be sent. */
export function draftReading(facts: ReadingFacts): { visit: Visit; draft: Draft } {
  const { stop, values, photos, note, now } = facts;
  const { meter } = stop;
  const readAt = facts.readAt ?? now;
  const position = positionOf(facts);
  const visit: Visit = {
    ...visitOf(facts, position),
    kind: "reading",
    read_at: readAt,
    values,
    double_entered: facts.doubleEntered,
    code: null,
    corrects: facts.corrects,
  };
  const payload = {
    meter_id: meter.id,
    registers: values.map(({ register_id, text }) => ({ register_id, value: Number(text) })),
    reading_timestamp: new Date(readAt).toISOString(),
    source: "manual",
    double_entered: facts.doubleEntered,
    dwell_seconds: Math.min(86_400, Math.max(0, Math.round((now - facts.openedAt) / 1000))),
    device_id: facts.deviceId,
    ...placeOf(position),
    ...(note === "" ? {} : { notes: note }),
    ...(photos.length === 0 ? {} : { photos: photos.map(({ sha256 }) => sha256) }),
  };
  return { visit, draft: { client_id: visit.client_id, entity: "reading", payload, meter_id: meter.id, title: visit.title, detail: facts.detail } };
}

/** A visit without a value, as it is kept and as it will be sent. */
export function draftSkip(facts: SkipFacts): { visit: Visit; draft: Draft } {
  const { stop, note, now, code } = facts;
  const position = positionOf(facts);
  const visit: Visit = { ...visitOf(facts, position), kind: "skip", read_at: now, values: [], double_entered: false, code, corrects: null };
  const payload = {
    meter_id: stop.meter.id,
    code,
    skipped_at: new Date(now).toISOString(),
    ...placeOf(position),
    ...(note === "" ? {} : { note }),
  };
  return { visit, draft: { client_id: visit.client_id, entity: "skip", payload, meter_id: stop.meter.id, title: visit.title, detail: facts.detail } };
}

export function titleOf(meter: Meter): string {
  return meter.address ?? meter.serial_number;
}

function visitOf({ stop, photos, note, now }: Facts, position: Position | null): Omit<Visit, "kind" | "read_at" | "values" | "double_entered" | "code" | "corrects"> {
  const { meter, assignment } = stop;
  return {
    client_id: uuidv7(now),
    meter_id: meter.id,
    assignment_id: assignment?.id ?? null,
    saved_at: now,
    note: note === "" ? null : note,
    position,
    photo_ids: photos.map(({ id }) => id),
    title: titleOf(meter),
    serial_number: meter.serial_number,
    meter_type: meter.meter_type,
    unit: meter.registers[0]?.unit ?? "",
  };
}

/** Where the phone is; where it does not know, where the newest photo says it was taken. */
function positionOf({ position, photos, now }: Facts): Position | null {
  if (position !== null) return position;
  const placed = photos.findLast((photo) => photo.place !== null);
  if (placed?.place == null) return null;
  return { ...placed.place, accuracy_m: PHOTO_ACCURACY_M, at: placed.taken_at === null ? now : Date.parse(placed.taken_at), from: "photo" };
}

/** Cameras do not write how sure they are; this is what phones reach outdoors within a few seconds. */
const PHOTO_ACCURACY_M = 50;

function placeOf(position: Position | null): Record<string, number> {
  return position === null ? {} : { latitude: position.latitude, longitude: position.longitude, accuracy_m: Math.round(position.accuracy_m * 10) / 10 };
}
