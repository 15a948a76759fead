/** The browser's locks, as far as the app uses them: one holder at a time, in the order of asking; the dead hold nothing. */
export class FakeLocks {
  readonly #queues = new Map<string, { page: object; begin: () => void }[]>();

  /** The locks as one page sees them. */
  page(): { locks: Pick<LockManager, "request">; die: () => void } {
    const page = {};
    const request = (name: string, work: () => Promise<unknown>): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const begin = () => {
          Promise.resolve()
            .then(work)
            .then(resolve, reject)
            .finally(() => {
              this.#leave(name, entry);
            });
        };
        const entry = { page, begin };
        const queue = this.#queues.get(name) ?? [];
        this.#queues.set(name, queue);
        queue.push(entry);
        if (queue.length === 1) begin();
      });
    return {
      locks: { request } as unknown as Pick<LockManager, "request">,
      die: () => {
        for (const [name, queue] of this.#queues) for (const entry of queue.filter((one) => one.page === page)) this.#leave(name, entry);
      },
    };
  }

  #leave(name: string, entry: { page: object; begin: () => void }): void {
    const queue = this.#queues.get(name) ?? [];
    const at = queue.indexOf(entry);
    if (at === -1) return;
    queue.splice(at, 1);
    if (at === 0) queue[0]?.begin();
  }
}
