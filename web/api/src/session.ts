/** What a signed-in client holds. Both are opaque to it. */
export type Tokens = {
  readonly access_token: string;
  /** Null when the server keeps it in an httpOnly cookie (sign-in with `cookie: true`). */
  readonly refresh_token: string | null;
};

/** Where the tokens live: memory, IndexedDB, a file. `write(null)` forgets them. */
export interface TokenStore {
  read(): Tokens | null | Promise<Tokens | null>;
  write(tokens: Tokens | null): void | Promise<void>;
}

/** Keeps the tokens as long as the page or process lives. */
export class MemoryTokens implements TokenStore {
  #tokens: Tokens | null;

  constructor(tokens: Tokens | null = null) {
    this.#tokens = tokens;
  }

  read(): Tokens | null {
    return this.#tokens;
  }

  write(tokens: Tokens | null): void {
    this.#tokens = tokens;
  }
}
