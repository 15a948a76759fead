import { MeterSyncError, NOT_AN_ENVELOPE, type ErrorDetails } from "./errors.ts";

/** A successful answer, taken out of its envelope. */
export type Answer<Data> = {
  readonly data: Data;
  /** A sentence for the person at the screen, or null. */
  readonly message: string | null;
  readonly status: number;
  /** Give it back as `ifMatch` when changing the resource; null when the resource has none. */
  readonly etag: string | null;
};

/** Unwraps the envelope. @throws MeterSyncError for a failure, and for a body that is not an envelope. */
export async function open<Data>(response: Response): Promise<Answer<Data>> {
  if (response.status === 204) {
    return { data: undefined as Data, message: null, status: 204, etag: response.headers.get("etag") };
  }

  const body = await readObject(response);
  if (response.ok && body?.["success"] === true) {
    return {
      data: body["data"] as Data,
      message: textOrNull(body["message"]),
      status: response.status,
      etag: response.headers.get("etag"),
    };
  }
  throw failure(response, body);
}

/** What an answer that is no success says, in the envelope or without one. Reads the body. */
export async function failureOf(response: Response): Promise<MeterSyncError> {
  return failure(response, await readObject(response));
}

function failure(response: Response, body: Readonly<Record<string, unknown>> | null): MeterSyncError {
  const retry_after_s = retryAfter(response.headers.get("retry-after"));
  const error = body?.["error"];
  if (!isObject(error) || typeof error["code"] !== "string") {
    return new MeterSyncError(`The server answered ${response.status} without a MeterSync envelope.`, {
      status: response.status,
      code: NOT_AN_ENVELOPE,
      retry_after_s,
    });
  }

  const details: ErrorDetails = isObject(error["details"]) ? error["details"] : {};
  return new MeterSyncError(textOrNull(error["message"]) ?? error["code"], {
    status: response.status,
    code: error["code"],
    details,
    trace_id: textOrNull(body?.["trace_id"]),
    retry_after_s,
  });
}

async function readObject(response: Response): Promise<Readonly<Record<string, unknown>> | null> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header)) return Number(header);
  const until = Date.parse(header);
  return Number.isNaN(until) ? null : Math.max(0, Math.ceil((until - Date.now()) / 1000));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
