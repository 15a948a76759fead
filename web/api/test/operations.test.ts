import { expect, expectTypeOf, test } from "vitest";

import { MeterSyncClient, typed, type DataOf, type PartsOf, type PathsOf } from "../src/index.ts";
import { listen, succeed } from "./server.ts";

/** The shape that openapi-typescript writes, for three operations. */
type Envelope<D> = { content: { "application/json": { success: boolean; data?: D; message?: string | null } } };
interface Paths {
  "/api/v1/meters": {
    parameters: { query?: never; path?: never };
    get: { parameters: { query?: { page?: number }; path?: never }; requestBody?: never; responses: { 200: Envelope<{ total: number }> } };
    post: {
      parameters: { query?: never; path?: never };
      requestBody: { content: { "application/json": { serial_number: string } } };
      responses: { 201: Envelope<{ id: string }>; 400: { content: { "application/json": { success: boolean } } } };
    };
    delete?: never;
  };
  "/api/v1/meters/{id}": {
    get: { parameters: { query?: never; path: { id: string } }; requestBody?: never; responses: { 200: Envelope<{ id: string }> } };
  };
}

test("knows paths, parameters and answers from the generated types", () => {
  expectTypeOf<PathsOf<Paths, "POST">>().toEqualTypeOf<"/api/v1/meters">();
  expectTypeOf<PathsOf<Paths, "DELETE">>().toEqualTypeOf<never>();
  expectTypeOf<DataOf<Paths, "/api/v1/meters", "GET">>().toEqualTypeOf<{ total: number }>();
  expectTypeOf<DataOf<Paths, "/api/v1/meters", "POST">>().toEqualTypeOf<{ id: string }>();
  expectTypeOf<PartsOf<Paths, "/api/v1/meters", "POST">>().toHaveProperty("body").toEqualTypeOf<{ serial_number: string }>();
  expectTypeOf<PartsOf<Paths, "/api/v1/meters/{id}", "GET">>().toHaveProperty("path").toEqualTypeOf<{ id: string }>();
});

test("calls through the typed view", async () => {
  await using server = await listen((request, response) => {
    succeed(response, request.method === "GET" ? { id: request.url } : { id: "new" });
  });
  const api = typed<Paths>(new MeterSyncClient({ baseUrl: server.baseUrl }));
  const meter = await api.call("GET", "/api/v1/meters/{id}", { path: { id: "7" } });
  expect(meter.id).toBe("/api/v1/meters/7");
  const made = await api.call("POST", "/api/v1/meters", { body: { serial_number: "E-1" } });
  expect(made.id).toBe("new");
  await api.call("GET", "/api/v1/meters");

  // @ts-expect-error the operation needs its path parameter
  await expect(api.call("GET", "/api/v1/meters/{id}")).rejects.toThrow(TypeError);
  // @ts-expect-error nothing deletes at this path
  await api.call("DELETE", "/api/v1/meters");
});
