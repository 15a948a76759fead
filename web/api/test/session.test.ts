import { expect, test } from "vitest";

import { MemoryTokens, MeterSyncClient, type MeterSyncError } from "../src/index.ts";
import { fail, listen, succeed, type LocalServer } from "./server.ts";

/** Accepts the access token "fresh" only and turns the refresh token "good" (or the cookie) into it. */
function gate(): Promise<LocalServer> {
  return listen((request, response) => {
    if (request.url === "/api/v1/auth/login") {
      succeed(response, { access_token: "fresh", refresh_token: "good", token_type: "bearer", expires_in: 900 });
    } else if (request.url === "/api/v1/auth/refresh") {
      const given = (JSON.parse(request.body) as { refresh_token?: string }).refresh_token;
      if (given === "busy") fail(response, 503, "host.overloaded");
      else if (given === "good" || request.headers.cookie === "refresh=good")
        succeed(response, { access_token: "fresh", refresh_token: "next" });
      else fail(response, 401, "auth.refresh_refused");
    } else if (request.headers.authorization === "Bearer fresh") {
      succeed(response, "inside");
    } else {
      fail(response, 401, "auth.token_expired");
    }
  });
}

const refreshes = (server: LocalServer) => server.received.filter((r) => r.url === "/api/v1/auth/refresh").length;

test("signs in and sends the access token from then on", async () => {
  await using server = await gate();
  const client = new MeterSyncClient({ baseUrl: server.baseUrl });
  await client.signIn({ email: "admin@example.com", password: "x" });
  expect(await client.call("GET", "/api/v1/meters")).toBe("inside");
  expect(refreshes(server)).toBe(0);
});

test("renews the session once after a 401 and sends the request again", async () => {
  await using server = await gate();
  const tokens = new MemoryTokens({ access_token: "stale", refresh_token: "good" });
  const client = new MeterSyncClient({ baseUrl: server.baseUrl, tokens });
  expect(await client.call("POST", "/api/v1/readings", { body: { reading_value: "5" } })).toBe("inside");
  expect(tokens.read()).toEqual({ access_token: "fresh", refresh_token: "next" });
  expect(server.received.filter((r) => r.url === "/api/v1/readings").map((r) => r.body)).toEqual([
    '{"reading_value":"5"}',
    '{"reading_value":"5"}',
  ]);
});

test("lets requests that fail together share one renewal", async () => {
  await using server = await gate();
  const tokens = new MemoryTokens({ access_token: "stale", refresh_token: "good" });
  const client = new MeterSyncClient({ baseUrl: server.baseUrl, tokens });
  const answers = await Promise.all([1, 2, 3, 4, 5].map((page) => client.call("GET", "/api/v1/meters", { query: { page } })));
  expect(answers).toEqual(Array(5).fill("inside"));
  expect(refreshes(server)).toBe(1);
});

test("ends the session when the refresh token is refused", async () => {
  await using server = await gate();
  const tokens = new MemoryTokens({ access_token: "stale", refresh_token: "revoked" });
  let ended = 0;
  const client = new MeterSyncClient({ baseUrl: server.baseUrl, tokens, onSignedOut: () => ended++ });
  await expect(client.call("GET", "/api/v1/meters")).rejects.toMatchObject({ status: 401, code: "auth.token_expired" });
  expect(tokens.read()).toBeNull();
  expect(ended).toBe(1);
});

test("keeps the session when the server is too busy to renew it", async () => {
  await using server = await gate();
  const tokens = new MemoryTokens({ access_token: "stale", refresh_token: "busy" });
  const client = new MeterSyncClient({ baseUrl: server.baseUrl, tokens });
  await expect(client.call("GET", "/api/v1/meters")).rejects.toMatchObject({ status: 503 });
  expect(tokens.read()?.refresh_token).toBe("busy");
});

test("does not try twice when the renewed token is refused too", async () => {
  await using server = await listen((request, response) => {
    if (request.url === "/api/v1/auth/refresh") succeed(response, { access_token: "other", refresh_token: "next" });
    else fail(response, 401, "auth.token_expired");
  });
  const tokens = new MemoryTokens({ access_token: "stale", refresh_token: "good" });
  const client = new MeterSyncClient({ baseUrl: server.baseUrl, tokens });
  await expect(client.call("GET", "/api/v1/meters")).rejects.toMatchObject({ status: 401 });
  expect(server.received.map((r) => r.url)).toEqual(["/api/v1/meters", "/api/v1/auth/refresh", "/api/v1/meters"]);
});

test("does not renew a session that never began", async () => {
  await using server = await gate();
  const client = new MeterSyncClient({ baseUrl: server.baseUrl });
  const error = await client.call("GET", "/api/v1/meters").catch((reason: unknown) => reason as MeterSyncError);
  expect(error).toMatchObject({ status: 401, code: "auth.token_expired" });
  expect(refreshes(server)).toBe(0);
});

test("finds no session to resume without a cookie", async () => {
  await using server = await gate();
  const client = new MeterSyncClient({ baseUrl: server.baseUrl });
  expect(await client.resume()).toBe(false);
  expect(refreshes(server)).toBe(1);
});

test("forgets the tokens at sign-out also when the server cannot be told", async () => {
  const gone = await listen(() => undefined);
  await gone[Symbol.asyncDispose]();
  const tokens = new MemoryTokens({ access_token: "fresh", refresh_token: "good" });
  const client = new MeterSyncClient({ baseUrl: gone.baseUrl, tokens });
  await expect(client.signOut()).rejects.toMatchObject({ status: 0 });
  expect(tokens.read()).toBeNull();
});
