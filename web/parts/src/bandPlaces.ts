/** Places on the track in percent of its width; null where there is nothing to mark. */
export type BandPlaces = { last: number | null; low: number; high: number; value: number | null };

const LAST = 12;
const LOW = 34;
const HIGH = 66;
const EDGE = 3;

/**
 * Where the marks of an expected band stand. The band keeps its third of the track so that both figures can always be read; the way from
 * the last value up to it is drawn to its own scale, and beyond the band the band's scale goes on. What lies further stays at the edge.
 */
export function bandPlaces(last: number | null, low: number, high: number, value: number | null): BandPlaces {
  const width = high - low;
  const place = (figure: number): number => {
    if (figure > high) return width > 0 ? HIGH + ((figure - high) / width) * (HIGH - LOW) : 100 - EDGE;
    if (figure >= low) return width > 0 ? LOW + ((figure - low) / width) * (HIGH - LOW) : (LOW + HIGH) / 2;
    if (last !== null && last < low) return LOW - ((low - figure) / (low - last)) * (LOW - LAST);
    return width > 0 ? LOW - ((low - figure) / width) * (HIGH - LOW) : EDGE;
  };
  const kept = (figure: number | null) => (figure === null ? null : Math.min(100 - EDGE, Math.max(EDGE, place(figure))));
  return { last: kept(last), low: LOW, high: HIGH, value: kept(value) };
}
