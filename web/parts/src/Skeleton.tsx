import type { ReactNode } from "react";

/** `count` rows in the form of what comes, after 150 ms. `label` ("Loading the route") is for screen readers. */
export type SkeletonProps = { count: number; label: string };

const WIDTHS = [
  ["55%", "72%"],
  ["44%", "66%"],
  ["60%", "58%"],
] as const;

export function Skeleton({ count, label }: SkeletonProps): ReactNode {
  return (
    <div className="ms-skeleton" aria-busy="true">
      <span className="ms-hidden">{label}</span>
      {Array.from({ length: count }, (_, i) => {
        const [first, second] = WIDTHS[i % WIDTHS.length] ?? WIDTHS[0];
        return (
          <div key={i} className="ms-list-row" aria-hidden="true">
            <i className="ms-skeleton-lead" />
            <span className="ms-list-words">
              <i style={{ width: first, height: 14 }} />
              <i style={{ width: second, height: 12 }} />
            </span>
            <i style={{ width: 36, height: 12 }} />
          </div>
        );
      })}
    </div>
  );
}
