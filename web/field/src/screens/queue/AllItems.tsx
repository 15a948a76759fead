import { useVirtualizer } from "@tanstack/react-virtual";
import { useState, type ReactNode } from "react";
import { EmptyState, Skeleton, TopBar } from "@metersync/parts";

import { Sync } from "../../app/Shell.tsx";
import { useStored } from "../../app/work.ts";
import { useWords } from "../../words/useWords.ts";
import { Row } from "./ItemRow.tsx";
import { readItems } from "./readQueue.ts";

/** Everything that waits, or everything that is safe; thousands scroll as ten do. */
export function AllItems({ part, onBack }: { part: "waiting" | "safe"; onBack: () => void }): ReactNode {
  const words = useWords();
  const [body, setBody] = useState<HTMLElement | null>(null);
  const items = useStored((database) => readItems(database, part), (news) => news.kind === "outbox", part);
  const virtual = useVirtualizer({ count: items?.length ?? 0, getScrollElement: () => body, estimateSize: () => 72, overscan: 6 });
  return (
    <div className="ms-screen">
      <Sync />
      <TopBar title={words(part === "waiting" ? "queue.all_title" : "queue.safe_title")} second={items === undefined ? undefined : String(items.length)} onBack={onBack} backLabel={words("common.back")} />
      <main className="ms-screen-body" ref={setBody}>
        {items === undefined ? <Skeleton count={8} label={words("app.opening")} /> : items.length === 0 ? <EmptyState icon="inbox" title={words("queue.empty_title")} text={words(part === "waiting" ? "queue.empty_text" : "queue.empty_safe")} /> : (
          <ul className="ms-list field-virtual" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((row) => {
              const item = items[row.index];
              return item === undefined ? null : (
                <li key={item.client_id} data-index={row.index} ref={virtual.measureElement} style={{ transform: `translateY(${row.start}px)` }} aria-setsize={items.length} aria-posinset={row.index + 1}>
                  <Row item={item} icon={item.entity === "skip" ? "skip" : item.entity === "found_meter" ? "plus" : part === "safe" ? "cloud-check" : "cloud-up"} second={<b>{item.detail}</b>} opens={item.entity === "reading" || item.entity === "skip"} divided={row.index > 0} />
                </li>
              );
            })}
          </ul>
        )}
      </main>
    </div>
  );
}
