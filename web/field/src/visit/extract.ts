import { MeterSyncError, type MeterSyncClient } from "@metersync/api";

import type { FieldDatabase } from "../store/database.ts";
import type { Meter, Photo, Register } from "../store/records.ts";

/** `value`: digits with a point; null: the photo cannot be read, and nothing is guessed. `confidence`: 0 to 1. */
export type PhotoReading = { value: string | null; confidence: number | null };

/** `POST /meter/extract`: the value in the envelope's data, beside it how sure each field is (0 to 100) and what is to be done with it. */
type Answer = { data?: { reading_value?: string | number | null } | null; confidence?: { reading_value?: number | null } | null; decision?: "accept" | "review" | "reject"; error?: { code?: string } };

/** Asked once per life of the page: a server without this stays without it. */
let absent = false;

/**
 * Asks the server to read a photo (`POST /meter/extract`).
 * @returns null where the server does not offer that, or there is no answer: whoever types needs neither.
 */
export async function askForReading(client: MeterSyncClient, database: FieldDatabase, photo: Photo, meter: Meter, register: Register, signal: AbortSignal): Promise<PhotoReading | null> {
  if (absent) return null;
  const file = await database.get("photo_files", photo.id);
  if (file === undefined) return null;
  const form = new FormData();
  form.append("image", file.blob, `${photo.id}.jpg`);
  form.append("meter_id", meter.id);
  if (register.digits !== null) form.append("digits", String(register.digits));
  if (register.decimals !== null) form.append("decimals", String(register.decimals));
  let response: Response;
  try {
    response = await client.raw("POST", "/api/v1/meter/extract", { body: form, signal });
  } catch (error) {
    if (signal.aborted || !(error instanceof MeterSyncError)) throw error;
    return null;
  }
  if (response.status === 404 || response.status === 405 || response.status === 501) absent = true;
  const answer = await readAnswer(response);
  if (answer === null) return null;
  // Said by the service itself: this picture holds no reading.
  if (answer.error?.code === "OCR_ERROR" || answer.decision === "reject") return NO_READING;
  const read = answer.data?.reading_value;
  if (!response.ok || read == null) return null;
  const value = /^\d+([.,]\d+)?$/.exec(String(read))?.[0].replace(",", ".") ?? null;
  const sure = answer.confidence?.reading_value;
  return value === null ? NO_READING : { value, confidence: sure == null ? null : sure / 100 };
}

const NO_READING: PhotoReading = { value: null, confidence: null };

async function readAnswer(response: Response): Promise<Answer | null> {
  try {
    return (await response.json()) as Answer;
  } catch (error) {
    // A proxy's page, or an answer cut off.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
