/** Random numbers that come again in the same order, so that what failed once fails again (mulberry32). */
export function chanceOf(seed: number): { below: (n: number) => number; pick: <Item>(items: readonly [Item, ...Item[]]) => Item } {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
}
