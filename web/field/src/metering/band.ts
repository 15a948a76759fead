import { formatNumber } from "../words/format.ts";
import type { Say } from "../words/index.ts";
import type { Register } from "../store/records.ts";
import { places, type Band, type Explanation } from "./explain.ts";

/** What stands around the band; `label` says all of it for who cannot see it. */
export type BandWords = { labels: { last: string; low: string; high: string }; judgement: "inside" | "outside" | null; label: string };

/** The words of a band. */
export function sayBand(words: Say, band: Band, register: Register, explanation: Explanation | null): BandWords {
  const fine = Math.min(register.decimals ?? 3, places(band.high - band.low));
  const shown = (value: number): string => formatNumber(onCounter(value, register.digits), fine);
  const [low, high] = [shown(band.low), shown(band.high)];
  const judgement = band.value === null || explanation === null ? null : explanation.warnings.length === 0 ? "inside" : "outside";
  const label = band.value === null ? words("metering.band_none", { low, high }) : words("metering.band", { value: formatNumber(onCounter(band.value, register.digits)), low, high });
  return { labels: { last: words("reading.band_last"), low, high }, judgement, label };
}

/** What the drums show of a value that was counted on over the last of them. */
function onCounter(value: number, digits: number | null): number {
  return digits === null || value < 10 ** digits ? value : value - 10 ** digits;
}
