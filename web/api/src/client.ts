import { open, type Answer } from "./envelope.ts";
import { MeterSyncError, UNREACHABLE } from "./errors.ts";
import { address, requestInit, type Method, type RequestParts } from "./request.ts";
import { MemoryTokens, type Tokens, type TokenStore } from "./session.ts";

export type ClientOptions = {
  /** Scheme, host and port of the server, for example `http://127.0.0.1:8000`. */
  baseUrl: string;
  /** Where the tokens live; in memory when left out. */
  tokens?: TokenStore;
  /** Called once after the session ended for good: the refresh token was refused. */
  onSignedOut?: (refusal: MeterSyncError) => void;
  /** Runs renewals one at a time where several clients share one refresh cookie: pages of one browser, for instance. */
  exclusively?: <Result>(renew: () => Promise<Result>) => Promise<Result>;
};

export type Credentials = {
  /** Or a user name. */
  email: string;
  password: string;
  remember_me?: boolean;
  /** Keep the refresh token in an httpOnly cookie instead of handing it to the script. */
  cookie?: boolean;
};

type SignInData = { access_token: string; refresh_token?: string | null };

/**
 * A thin client of the HTTP API: it adds the access token, opens the envelope, turns failures into MeterSyncError, and
 * after a 401 renews the session once and sends the request again. Paths are the API's own, `/api/v1/...`.
 */
export class MeterSyncClient {
  readonly #baseUrl: string;
  readonly #tokens: TokenStore;
  readonly #onSignedOut: (refusal: MeterSyncError) => void;
  readonly #exclusively: <Result>(renew: () => Promise<Result>) => Promise<Result>;
  #renewal: Promise<Tokens | null> | null = null;
  #refusal: MeterSyncError | null = null;

  constructor(options: ClientOptions) {
    this.#baseUrl = options.baseUrl;
    this.#tokens = options.tokens ?? new MemoryTokens();
    this.#onSignedOut = options.onSignedOut ?? (() => undefined);
    this.#exclusively = options.exclusively ?? ((renew) => renew());
  }

  async signIn(credentials: Credentials): Promise<void> {
    const response = await this.#fetch("POST", "/api/v1/auth/login", { body: credentials }, null);
    const { data } = await open<SignInData>(response);
    await this.#tokens.write({ access_token: data.access_token, refresh_token: data.refresh_token ?? null });
  }

  /**
   * Takes the session up again after a page load, from the httpOnly cookie of a sign-in with `cookie: true`.
   * @returns false when there is none, or it has ended. @throws MeterSyncError when the server cannot say.
   */
  async resume(): Promise<boolean> {
    const kept = await this.#tokens.read();
    if (kept !== null) return true;
    this.#renewal ??= this.#exclusively(() => this.#askForTokens({ access_token: "", refresh_token: null })).finally(() => {
      this.#renewal = null;
    });
    return (await this.#renewal) !== null;
  }

  /** Why the session could not be renewed; null as long as it could. */
  get refusal(): MeterSyncError | null {
    return this.#refusal;
  }

  /** Forgets the tokens of this client; the session lives on, in the cookie for instance. */
  async forget(): Promise<void> {
    await this.#tokens.write(null);
  }

  /** Ends the session at the server and forgets the tokens, also when the server cannot be told. */
  async signOut(): Promise<void> {
    try {
      await this.call("POST", "/api/v1/auth/logout");
    } finally {
      await this.#tokens.write(null);
    }
  }

  /** Sends a request and returns the envelope's data. @throws MeterSyncError */
  async call<Data = unknown>(method: Method, path: string, parts: RequestParts = {}): Promise<Data> {
    return (await this.send<Data>(method, path, parts)).data;
  }

  /** As {@link call}, with the message, status and ETag beside the data. @throws MeterSyncError */
  async send<Data = unknown>(method: Method, path: string, parts: RequestParts = {}): Promise<Answer<Data>> {
    return open<Data>(await this.#authorized(method, path, parts));
  }

  /** Fetches a file, such as an export. The body is not an envelope and is not read here. @throws MeterSyncError */
  async download(path: string, parts: RequestParts = {}): Promise<Response> {
    const headers = { accept: "*/*", ...parts.headers };
    const response = await this.#authorized("GET", path, { ...parts, headers });
    if (!response.ok) await open(response);
    return response;
  }

  /** Sends a request whose answer is no envelope, such as those of tus. The status is the caller's to judge. @throws MeterSyncError when none comes */
  raw(method: Method, path: string, parts: RequestParts = {}): Promise<Response> {
    return this.#authorized(method, path, parts);
  }

  async #authorized(method: Method, path: string, parts: RequestParts): Promise<Response> {
    const used = await this.#tokens.read();
    const response = await this.#fetch(method, path, parts, used);
    if (response.status !== 401 || used === null) return response;

    const renewed = await this.#renew(used);
    if (renewed === null) return response;
    await response.body?.cancel();
    return this.#fetch(method, path, parts, renewed);
  }

  /** Many requests can meet a 401 at once; they share one renewal, and late ones use what it brought. */
  async #renew(refused: Tokens): Promise<Tokens | null> {
    const current = await this.#tokens.read();
    if (current === null) return null;
    if (current.access_token !== refused.access_token) return current;
    this.#renewal ??= this.#exclusively(() => this.#askForTokens(current)).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #askForTokens(current: Tokens): Promise<Tokens | null> {
    const body = current.refresh_token === null ? {} : { refresh_token: current.refresh_token };
    // Along with the cookie the server wants a header that no foreign form can send.
    const response = await this.#fetch("POST", "/api/v1/auth/refresh", { body, headers: { "x-requested-with": "MeterSync" } }, null);
    try {
      const { data } = await open<SignInData>(response);
      const tokens = { access_token: data.access_token, refresh_token: data.refresh_token ?? null };
      await this.#tokens.write(tokens);
      this.#refusal = null;
      return tokens;
    } catch (error) {
      // Only a refusal ends the session: an overloaded server says nothing about the token.
      if (!(error instanceof MeterSyncError) || (error.status !== 401 && error.status !== 400)) throw error;
      await this.#tokens.write(null);
      this.#refusal = error;
      this.#onSignedOut(error);
      return null;
    }
  }

  async #fetch(method: Method, path: string, parts: RequestParts, tokens: Tokens | null): Promise<Response> {
    const url = address(this.#baseUrl, path, parts);
    try {
      return await fetch(url, requestInit(method, parts, tokens?.access_token ?? null));
    } catch (error) {
      if (parts.signal?.aborted === true) throw error;
      throw new MeterSyncError(`No answer from ${url.origin}.`, { status: 0, code: UNREACHABLE, cause: error });
    }
  }
}
