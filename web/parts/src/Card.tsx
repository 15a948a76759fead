import type { ReactNode } from "react";

/** `rows`: holds ListRows, so it has no padding of its own. `first`: the one card the screen is about, with a heavier edge outdoors. */
export type CardProps = { children: ReactNode; rows?: boolean | undefined; first?: boolean | undefined; label?: string | undefined };

export function Card({ children, rows = false, first = false, label }: CardProps): ReactNode {
  return (
    <section className="ms-card" data-rows={rows ? "" : undefined} data-padded={rows ? undefined : ""} data-first={first ? "" : undefined} aria-label={label}>
      {children}
    </section>
  );
}
