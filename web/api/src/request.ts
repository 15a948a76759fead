export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

type Scalar = string | number | boolean;

/** The parts of a request beside its method and path. */
export type RequestParts = {
  /** Values for the `{name}` segments of the path. */
  path?: Readonly<Record<string, Scalar>>;
  /** Query values; undefined and null are left out, an array repeats its name. */
  query?: Readonly<Record<string, Scalar | readonly Scalar[] | null | undefined>>;
  /** A plain value is sent as JSON; FormData, Blob and URLSearchParams are sent as they are. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Makes a resend of the same POST safe for 24 hours. */
  idempotencyKey?: string;
  /** The ETag the change is based on; the server answers 412 when somebody else changed it meanwhile. */
  ifMatch?: string;
  signal?: AbortSignal;
};

/** Builds the absolute address. @throws TypeError when a `{name}` of the path has no value. */
export function address(baseUrl: string, path: string, parts: RequestParts): URL {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = parts.path?.[name];
    if (value === undefined) throw new TypeError(`The path ${path} needs a value for {${name}}.`);
    return encodeURIComponent(value);
  });
  const url = new URL(filled, baseUrl);
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value === null || value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]) {
      url.searchParams.append(name, String(one));
    }
  }
  return url;
}

/** Builds what fetch needs. It can be used again for a second try: no part of it is a stream. */
export function requestInit(method: Method, parts: RequestParts, accessToken: string | null): RequestInit {
  const headers = new Headers(parts.headers);
  if (!headers.has("accept")) headers.set("accept", "application/json");
  if (accessToken !== null) headers.set("authorization", `Bearer ${accessToken}`);
  if (parts.idempotencyKey !== undefined) headers.set("idempotency-key", parts.idempotencyKey);
  if (parts.ifMatch !== undefined) headers.set("if-match", parts.ifMatch);

  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (parts.signal) init.signal = parts.signal;
  if (parts.body instanceof FormData || parts.body instanceof Blob || parts.body instanceof URLSearchParams) {
    init.body = parts.body;
  } else if (parts.body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(parts.body);
  }
  return init;
}
