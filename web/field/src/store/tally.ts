/**
 * How much this phone has saved, kept in a cookie: a browser that clears the app's store for space leaves cookies alone, so that the
 * loss can be told. The device's id lies there too, since the office knows by it what it holds.
 */
export type Tally = { device_id: string; saved: Readonly<Record<string, number>> };

const NAME = "metersync-phone";
const LIFE_S = 400 * 86_400;
const PATH = "/field";

type CookieJar = { cookie: string };

/** null: none, or none that can be read. */
export function readTally(jar: CookieJar | undefined = jarHere()): Tally | null {
  const written = jar?.cookie.split("; ").find((part) => part.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
  if (written === undefined) return null;
  try {
    const read = JSON.parse(decodeURIComponent(written)) as Partial<Tally>;
    return typeof read.device_id === "string" && typeof read.saved === "object" ? { device_id: read.device_id, saved: read.saved } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return null;
    throw error;
  }
}

export function keepTally(tally: Tally, jar: CookieJar | undefined = jarHere()): void {
  if (jar === undefined) return;
  const secure = globalThis.location.protocol === "https:" ? "; Secure" : "";
  jar.cookie = `${NAME}=${encodeURIComponent(JSON.stringify(tally))}; Path=${PATH}; Max-Age=${LIFE_S}; SameSite=Strict${secure}`;
}

export function countSaved(userId: string, by: number, jar: CookieJar | undefined = jarHere()): void {
  const tally = readTally(jar);
  if (tally !== null) keepTally({ ...tally, saved: { ...tally.saved, [userId]: Math.max(0, (tally.saved[userId] ?? 0) + by) } }, jar);
}

function jarHere(): CookieJar | undefined {
  return typeof document === "undefined" ? undefined : document;
}
