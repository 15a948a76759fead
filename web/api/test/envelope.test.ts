import { expect, test } from "vitest";

import { MeterSyncClient, MeterSyncError, NOT_AN_ENVELOPE, UNREACHABLE } from "../src/index.ts";
import { fail, listen, succeed } from "./server.ts";

async function refusal(promise: Promise<unknown>): Promise<MeterSyncError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MeterSyncError);
  return error as MeterSyncError;
}

test("opens the envelope and keeps the etag", async () => {
  await using server = await listen((_, response) => {
    succeed(response, { id: "m1" }, { etag: '"7"' });
  });
  const client = new MeterSyncClient({ baseUrl: server.baseUrl });
  const answer = await client.send<{ id: string }>("GET", "/api/v1/meters/{id}", { path: { id: "a/b" } });
  expect(answer).toEqual({ data: { id: "m1" }, message: null, status: 200, etag: '"7"' });
  expect(server.received[0]?.url).toBe("/api/v1/meters/a%2Fb");
});

test("sends query, json body and conditions as the contract names them", async () => {
  await using server = await listen((_, response) => {
    succeed(response, null);
  });
  const client = new MeterSyncClient({ baseUrl: server.baseUrl });
  await client.call("POST", "/api/v1/readings", {
    query: { page: 2, status: ["active", "inactive"], search: undefined, sort: null },
    body: { reading_value: "12.50" },
    idempotencyKey: "k1",
    ifMatch: '"3"',
  });
  const request = server.received[0];
  expect(request?.url).toBe("/api/v1/readings?page=2&status=active&status=inactive");
  expect(request?.body).toBe('{"reading_value":"12.50"}');
  expect(request?.headers["content-type"]).toBe("application/json");
  expect(request?.headers["idempotency-key"]).toBe("k1");
  expect(request?.headers["if-match"]).toBe('"3"');
});

test("sends a file as multipart", async () => {
  await using server = await listen((_, response) => {
    succeed(response, { id: "job" });
  });
  const body = new FormData();
  body.append("file", new Blob(["meter_number,type\nE-1,electric\n"]), "meters.csv");
  await new MeterSyncClient({ baseUrl: server.baseUrl }).call("POST", "/api/v1/meters/import", { body });
  expect(server.received[0]?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
  expect(server.received[0]?.body).toContain('name="file"; filename="meters.csv"');
});

test("turns a failure into an error with code, details and trace_id", async () => {
  await using server = await listen((_, response) => {
    fail(response, 429, "rate.limited", { "retry-after": "12" });
  });
  const error = await refusal(new MeterSyncClient({ baseUrl: server.baseUrl }).call("GET", "/api/v1/meters"));
  expect(error).toMatchObject({
    status: 429,
    code: "rate.limited",
    message: "Refused: rate.limited",
    details: { reading_value: ["is below the previous one"] },
    trace_id: "00-abc",
    retry_after_s: 12,
  });
});

test("says so when a proxy answers instead of the server", async () => {
  await using server = await listen((_, response) => {
    response.writeHead(502, { "content-type": "text/html" });
    response.end("<html>Bad gateway</html>");
  });
  const error = await refusal(new MeterSyncClient({ baseUrl: server.baseUrl }).call("GET", "/api/v1/meters"));
  expect(error).toMatchObject({ status: 502, code: NOT_AN_ENVELOPE, trace_id: null });
});

test("does not take a 200 without an envelope for success", async () => {
  await using server = await listen((_, response) => {
    response.end('{"items":[]}');
  });
  const error = await refusal(new MeterSyncClient({ baseUrl: server.baseUrl }).call("GET", "/api/v1/meters"));
  expect(error.code).toBe(NOT_AN_ENVELOPE);
});

test("says so when nothing listens", async () => {
  const gone = await listen(() => undefined);
  await gone[Symbol.asyncDispose]();
  const error = await refusal(new MeterSyncClient({ baseUrl: gone.baseUrl }).call("GET", "/health"));
  expect(error).toMatchObject({ status: 0, code: UNREACHABLE });
});

test("hands a download over unread and opens its failure", async () => {
  await using server = await listen((request, response) => {
    if (request.url.endsWith("/good")) response.end("meter,kwh\n");
    else fail(response, 404, "export.not_found");
  });
  const client = new MeterSyncClient({ baseUrl: server.baseUrl });
  expect(await (await client.download("/api/v1/export/download/good")).text()).toBe("meter,kwh\n");
  expect((await refusal(client.download("/api/v1/export/download/gone"))).code).toBe("export.not_found");
});

test("refuses to send a path with an unfilled segment", async () => {
  const client = new MeterSyncClient({ baseUrl: "http://127.0.0.1:9" });
  await expect(client.call("GET", "/api/v1/meters/{id}")).rejects.toThrow(TypeError);
});
