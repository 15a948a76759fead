import type { ReactNode } from "react";
import { bandPlaces, type BandPlaces } from "./bandPlaces.ts";

/**
 * The last value, the range expected now, and the value judged against it, in one line. Figures are the register's; `labels` are those to
 * show under the marks. `label` says it all in words, the judgement too, for screen readers.
 */
export type ExpectedBandProps = {
  last: number | null;
  low: number;
  high: number;
  value: number | null;
  labels: { last: string; low: string; high: string };
  judgement: "inside" | "outside" | null;
  label: string;
};

/** Where figures at their places would run into each other on a narrow phone. */
function isLong({ last, low, high }: ExpectedBandProps["labels"]): boolean {
  return last.length + low.length > 16 || low.length + high.length > 24;
}

/** Percent of the track that a figure and a word side by side take on a narrow phone. */
const APART = 18;

function isNear(at: BandPlaces): boolean {
  const { last } = at;
  return last !== null && [at.low, at.high].some((place) => Math.abs(place - last) < APART);
}

function Marker({ judgement }: { judgement: ExpectedBandProps["judgement"] }): ReactNode {
  return (
    <g data-judgement={judgement ?? "open"}>
      <path d="M0 12v24" strokeWidth="4" strokeLinecap="round" />
      {judgement === "inside" ? <circle cx="0" cy="10" r="5" stroke="none" /> : null}
      {judgement === "outside" ? <path d="M-7 12h14l-7-11z" stroke="none" /> : null}
    </g>
  );
}

export function ExpectedBand({ last, low, high, value, labels, judgement, label }: ExpectedBandProps): ReactNode {
  const at = bandPlaces(last, low, high, value);
  return (
    <div className="ms-band" role="img" aria-label={label}>
      <svg aria-hidden="true">
        <rect className="ms-band-track" x="0" y="21" width="100%" height="6" rx="3" />
        <rect className="ms-band-range" x={`${at.low}%`} y="15" width={`${at.high - at.low}%`} height="18" rx="5" />
        {at.last === null ? null : <circle className="ms-band-last" cx={`${at.last}%`} cy="24" r="5" />}
        {at.value === null ? null : (
          <svg x={`${at.value}%`} overflow="visible">
            <Marker judgement={judgement} />
          </svg>
        )}
      </svg>
      <div className="ms-band-labels" data-long={isLong(labels) || isNear(at) ? "" : undefined} aria-hidden="true">
        {at.last === null ? null : <span data-last="" style={{ left: `${at.last}%` }}>{labels.last}</span>}
        <span style={{ left: `${at.low}%` }}>{labels.low}</span>
        <span style={{ left: `${at.high}%` }}>{labels.high}</span>
      </div>
    </div>
  );
}
