import type { MeterSyncClient } from "./client.ts";
import type { Method, RequestParts } from "./request.ts";

/**
 * Types over the `paths` interface that `npm run generate` writes to schema.gen.ts: which paths have a method, what an
 * operation takes, and the `data` of its success envelope.
 */
type Operation = { responses: object };

/** The paths of `Paths` that answer `M`. */
export type PathsOf<Paths, M extends Method> = {
  [P in keyof Paths]: Paths[P] extends Record<Lowercase<M>, Operation> ? P : never;
}[keyof Paths] &
  string;

type OperationOf<Paths, P extends keyof Paths, M extends Method> = Paths[P] extends Record<Lowercase<M>, infer O> ? O : never;

type Success<O> = O extends { responses: infer R }
  ? { [S in keyof R & (200 | 201 | 202)]: R[S] extends { content: { "application/json": infer B } } ? B : never }[keyof R &
      (200 | 201 | 202)]
  : never;

/** The `data` that `M P` answers with. */
export type DataOf<Paths, P extends keyof Paths, M extends Method> =
  Success<OperationOf<Paths, P, M>> extends { data?: infer D } ? NonNullable<D> : unknown;

type Parameters<O, Place extends "path" | "query"> = O extends { parameters: Record<Place, infer V> } ? Record<Place, V> :
  O extends { parameters: Partial<Record<Place, infer V>> } ? ([V] extends [never] ? object : [V] extends [undefined] ? object : Partial<Record<Place, V>>) : object;

type Body<O> = O extends { requestBody: { content: { "application/json": infer B } } }
  ? { body: B }
  : O extends { requestBody: { content: { "multipart/form-data": unknown } } }
    ? { body: FormData }
    : O extends { requestBody?: { content: { "application/json": infer B } } }
      ? { body?: B }
      : object;

/** What a caller gives for `M P`: the operation's own path, query and body, and the general parts. */
export type PartsOf<Paths, P extends keyof Paths, M extends Method> = Omit<RequestParts, "path" | "query" | "body"> &
  Parameters<OperationOf<Paths, P, M>, "path"> &
  Parameters<OperationOf<Paths, P, M>, "query"> &
  Body<OperationOf<Paths, P, M>>;

/** The same client with every path, parameter and answer checked against `Paths`. */
export interface TypedClient<Paths> {
  call<M extends Method, P extends PathsOf<Paths, M>>(
    method: M,
    path: P,
    ...parts: object extends PartsOf<Paths, P, M> ? [PartsOf<Paths, P, M>?] : [PartsOf<Paths, P, M>]
  ): Promise<DataOf<Paths, P, M>>;
}

/** Looks at `client` through the types of `Paths`. Nothing happens at run time. */
export function typed<Paths>(client: MeterSyncClient): TypedClient<Paths> {
  return client;
}
