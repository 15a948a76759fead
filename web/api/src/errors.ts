/** What the server says about one refused field: the field's name to the messages that explain it. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** No answer came: the network is down, the server does not run, or the address is wrong. */
export const UNREACHABLE = "client.unreachable";

/** Something answered that does not speak MeterSync's envelope, such as a proxy's own error page. */
export const NOT_AN_ENVELOPE = "client.not_an_envelope";

/**
 * A request that did not succeed. `code` is one of the immutable problem codes of docs/problems.md, or one of the two
 * `client.*` codes above when the server itself did not get to say anything.
 */
export class MeterSyncError extends Error {
  override readonly name = "MeterSyncError";
  /** The HTTP status, or 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly details: ErrorDetails;
  /** Names the request in the server's log; null when the server did not give one. */
  readonly trace_id: string | null;
  /** Whole seconds to wait before the next try, as the server asks with 429 and 503; null when it does not say. */
  readonly retry_after_s: number | null;

  constructor(
    message: string,
    facts: {
      status: number;
      code: string;
      details?: ErrorDetails;
      trace_id?: string | null;
      retry_after_s?: number | null;
      cause?: unknown;
    },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.details = facts.details ?? {};
    this.trace_id = facts.trace_id ?? null;
    this.retry_after_s = facts.retry_after_s ?? null;
  }
}
