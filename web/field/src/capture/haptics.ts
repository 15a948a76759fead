export type Buzz = "key" | "saved" | "warning";

const PATTERNS: Readonly<Record<Buzz, readonly number[]>> = { key: [10], saved: [20], warning: [40, 60, 40] };

type Shaker = { vibrate?: (pattern: number[]) => boolean; userActivation?: { readonly hasBeenActive: boolean } | undefined };

/**
 * Lets the phone be felt. Nothing happens where it cannot vibrate.
 * @param on The person's own setting.
 */
export function buzz(kind: Buzz, on: boolean, phone: Shaker = globalThis.navigator): void {
  // Before the first touch browsers refuse, and write an error to the console.
  if (!on || phone.vibrate === undefined || phone.userActivation?.hasBeenActive === false) return;
  phone.vibrate([...PATTERNS[kind]]);
}
