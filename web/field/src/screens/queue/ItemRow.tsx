import type { ReactNode } from "react";
import { Icon, ListRow } from "@metersync/parts";
import { useLocation } from "wouter";

import type { OutboxItem } from "../../store/records.ts";
import { formatInstant } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";
import type { QueueRow } from "./readQueue.ts";

/** One item: where, what was saved, when. A visit opens. */
export function ItemRow({ row }: { row: QueueRow }): ReactNode {
  const words = useWords();
  const { item, visit, photos } = row;
  const detail = photos === 0 ? <b>{item.detail}</b> : <><b>{item.detail}</b> · {words("queue.photos", { n: photos })}</>;
  return <Row item={item} icon={visit?.kind === "skip" ? "skip" : (visit?.meter_type ?? "plus")} second={detail} opens={visit !== null} />;
}

export function Row({ item, icon, second, opens, divided }: { item: OutboxItem; icon: Parameters<typeof Icon>[0]["name"]; second: ReactNode; opens: boolean; divided?: boolean }): ReactNode {
  const [, go] = useLocation();
  const path = `/visit/${item.client_id}`;
  return (
    <ListRow
      leading={<Icon name={icon} />}
      title={item.title}
      second={second}
      trailing={formatInstant(item.safe_at ?? item.saved_at)}
      divided={divided}
      {...(opens ? { href: import.meta.env.BASE_URL.replace(/\/$/, "") + path, onPress: () => { go(path); } } : {})}
    />
  );
}
