import { useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { usePosition } from "../../app/here.ts";
import type { RouteView } from "../../route/book.ts";
import type { Stop, StopState } from "../../route/stop.ts";
import { useWords } from "../../words/useWords.ts";
import { StopRow } from "./StopRow.tsx";

const ROW_PX = 72;

/** The stops of one state in walking order; newest first for what was done. */
export function StopList({ view, state, scroller }: { view: RouteView; state: StopState; scroller: HTMLElement | null }): ReactNode {
  const words = useWords();
  const stops = useMemo(() => {
    const fitting = view.stops.filter((stop) => stop.state === state && stop !== view.next);
    return state === "todo" ? fitting : fitting.sort((one, other) => (other.visit?.saved_at ?? 0) - (one.visit?.saved_at ?? 0));
  }, [view, state]);
  if (stops.length === 0) return state === "todo" ? null : <p className="ms-pad ms-body ms-quiet field-head-line">{words(`route.empty_${state}`)}</p>;
  return <Rows stops={stops} scroller={scroller} ordered={state === "todo"} />;
}

type RowsProps = {
  stops: readonly Stop[];
  scroller: HTMLElement | null;
  /** In the walk's order: a stop where the one before it is says so. */
  ordered?: boolean;
  /** Other stops come into the rows that stand there, which is quicker than new rows: for a list that changes with every key. */
  reused?: boolean;
};

/** Only rows in sight are drawn, so that 5,000 scroll as 50 do. */
export function Rows({ stops, scroller, ordered = false, reused = false }: RowsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const position = usePosition();
  const [margin, setMargin] = useState(0);
  // What stands above may have another height after any drawing; it settles with one more.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  useLayoutEffect(() => {
    const top = list.current?.offsetTop ?? 0;
    if (top !== margin) setMargin(top);
  });
  const virtual = useVirtualizer({
    count: stops.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => (reused ? index : (stops[index]?.id ?? index)),
    overscan: reused ? 2 : 6,
    scrollMargin: margin,
  });
  const here = "position" in position ? position.position : null;
  return (
    <ul className="ms-list field-virtual" ref={list} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((row) => {
        const stop = stops[row.index];
        return stop === undefined ? null : (
          <li key={row.key} data-index={row.index} ref={virtual.measureElement} style={{ transform: `translateY(${row.start - margin}px)` }} aria-setsize={stops.length} aria-posinset={row.index + 1}>
            <StopRow stop={stop} before={ordered ? (stops[row.index - 1] ?? null) : null} here={here} divided={row.index > 0} />
          </li>
        );
      })}
    </ul>
  );
}
