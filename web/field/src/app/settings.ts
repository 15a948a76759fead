/** What the office set for all phones: `GET /field/settings.json`. */
export type FieldSettings = { tile_url: string | null; tile_attribution: string | null; tile_max_zoom: number | null; lock_minutes: number; version: string };

const WITHOUT_SERVER: FieldSettings = { tile_url: null, tile_attribution: null, tile_max_zoom: null, lock_minutes: 15, version: "" };

/** The newest this phone knows: the service worker keeps the last answer for when there is no network. */
export async function fetchSettings(): Promise<FieldSettings> {
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}settings.json`);
    return response.ok ? { ...WITHOUT_SERVER, ...((await response.json()) as Partial<FieldSettings>) } : WITHOUT_SERVER;
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return WITHOUT_SERVER;
    throw error;
  }
}
