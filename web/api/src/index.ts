export { MeterSyncClient, type ClientOptions, type Credentials } from "./client.ts";
export { failureOf, type Answer } from "./envelope.ts";
export { MeterSyncError, NOT_AN_ENVELOPE, UNREACHABLE, type ErrorDetails } from "./errors.ts";
export { typed, type DataOf, type PartsOf, type PathsOf, type TypedClient } from "./operations.ts";
export type { Method, RequestParts } from "./request.ts";
export { MemoryTokens, type Tokens, type TokenStore } from "./session.ts";
