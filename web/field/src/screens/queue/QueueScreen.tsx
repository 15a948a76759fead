import { useState, type ReactNode } from "react";
import { Button, Card, EmptyState, Icon, IconButton, ListRow, Notice, Sheet, Skeleton, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { Navigation, Sync } from "../../app/Shell.tsx";
import { useStatus, useStored, useWork } from "../../app/work.ts";
import { writeFact } from "../../store/facts.ts";
import { formatBytes, formatInstant } from "../../words/format.ts";
import { useWords, type Words } from "../../words/useWords.ts";
import { AllItems } from "./AllItems.tsx";
import { ItemRow } from "./ItemRow.tsx";
import { NeedsYou } from "./NeedsYou.tsx";
import { readQueue, type Queue } from "./readQueue.ts";
import { useExport } from "./useExport.ts";

const SHOWN = 5;

/** Is anything lost (no), does anything need me; then what waits, and what is safe. */
export default function QueueScreen({ part }: { part: string | null }): ReactNode {
  const words = useWords();
  const status = useStatus();
  const [, go] = useLocation();
  const work = useWork();
  const queue = useStored(readQueue, (news) => news.kind === "outbox" || news.kind === "photos" || news.kind === "facts", "queue");
  const [menu, setMenu] = useState(false);
  const exporting = useExport();
  if (part === "waiting" || part === "safe") return <AllItems part={part} onBack={() => { go("/queue"); }} />;

  const second = status === null ? undefined : sayNext(words, status.kind, queue);
  return (
    <div className="ms-screen">
      <Sync />
      <TopBar title={words("queue.title")} second={second} actions={<IconButton icon="menu-dots" label={words("queue.more")} onPress={() => { setMenu(true); }} />} />
      <main className="ms-screen-body">
        {queue === undefined ? <Skeleton count={5} label={words("app.opening")} /> : (
          <>
            <Warnings queue={queue} />
            {exporting.said === null ? null : <div className="ms-pad-card field-head-line"><Notice tone="safe" icon="download" title={exporting.said} live /></div>}
            {queue.needs.length === 0 ? null : <NeedsYou needs={queue.needs} />}
            {queue.waitingCount === 0 && queue.needs.length === 0 && queue.photosWaiting === 0 ? <EmptyState icon="cloud-check" title={words("queue.empty_title")} text={words("queue.empty_text")} /> : null}
            {queue.waitingCount + queue.photosWaiting === 0 ? null : (
              <section aria-labelledby="queue-waiting">
                <div className="ms-group-head">
                  <h2 id="queue-waiting">{words("queue.waiting")}</h2>
                  <span>{queue.photosWaiting === 0 ? queue.waitingCount : words("queue.waiting_count", { n: queue.waitingCount, photos: words("queue.photos", { n: queue.photosWaiting }), bytes: formatBytes(queue.photoBytes) })}</span>
                </div>
                {queue.waiting.length === 0 ? null : (
                  <div className="ms-pad-card">
                    <Card rows>
                      {queue.waiting.slice(0, SHOWN).map((row) => <ItemRow key={row.item.client_id} row={row} />)}
                      {queue.waitingCount <= SHOWN ? null : <Button kind="text" wide onPress={() => { go("/queue/waiting"); }}>{words("queue.all_waiting", { n: queue.waitingCount })}</Button>}
                    </Card>
                  </div>
                )}
              </section>
            )}
            {queue.safeCount === 0 ? null : <section aria-labelledby="queue-sent">
              <div className="ms-group-head"><h2 id="queue-sent">{words("queue.sent")}</h2><span>{queue.safeCount}</span></div>
              <div className="ms-pad-card">
                <Card rows>
                  <ListRow
                    leading={<span className="ms-tone-safe"><Icon name="cloud-check" /></span>}
                    title={words("queue.safe", { n: queue.safeCount })}
                    second={words("queue.safe_text")}
                    trailing={<Icon name="chevron" />}
                    onPress={() => { go("/queue/safe"); }}
                  />
                </Card>
              </div>
            </section>}
          </>
        )}
      </main>
      <Navigation at="queue" />
      <Sheet open={menu} title={words("queue.title")} onClose={() => { setMenu(false); }} closeLabel={words("common.close")}>
        <div className="ms-stack">
          <Button kind="filled" icon="upload" wide onPress={() => { setMenu(false); work.drainer.demand().catch(reportError); }}>{words("queue.send_now")}</Button>
          <Button kind="outlined" icon="download" wide busy={exporting.busy} onPress={() => { setMenu(false); exporting.run(); }}>{words("queue.export")}</Button>
          <p className="ms-second">{words("queue.export_text")}</p>
        </div>
      </Sheet>
    </div>
  );
}

function Warnings({ queue }: { queue: Queue }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const work = useWork();
  const exporting = useExport();
  const { trouble, eviction } = queue;
  return (
    <>
      {trouble === "disabled" ? (
        <div className="ms-pad-card field-head-line">
          <Notice
            tone="attention"
            icon="lock"
            title={words("queue.disabled_title")}
            actions={
              <>
                <Button kind="tonal" size="card" icon="download" onPress={exporting.run}>{words("queue.export")}</Button>
                <Button kind="outlined" size="card" onPress={() => { go("/sign-in"); }}>{words("app.bar_sign_in")}</Button>
              </>
            }
          >
            {words("queue.disabled_text")}
          </Notice>
        </div>
      ) : null}
      {trouble === "signed_out" ? (
        <div className="ms-pad-card field-head-line">
          <Notice tone="attention" icon="person" title={queue.waitingCount === 0 ? words("app.sign_in_again_none") : words("app.sign_in_again", { n: queue.waitingCount })} actions={<Button kind="tonal" size="card" onPress={() => { go("/sign-in"); }}>{words("app.bar_sign_in")}</Button>} />
        </div>
      ) : null}
      {eviction === null ? null : (
        <div className="ms-pad-card field-head-line">
          <Notice
            tone={eviction.lost > 0 ? "error" : "attention"}
            icon="warning"
            title={words("queue.eviction_title")}
            actions={
              <Button
                kind="tonal"
                size="card"
                onPress={() => {
                  writeFact(work.database, "eviction", null).then(() => { work.news.tell({ kind: "facts" }); }, reportError);
                }}
              >
                {words("queue.eviction_seen")}
              </Button>
            }
          >
            {words("queue.eviction_safe", { n: eviction.safe })} {eviction.lost > 0 ? words("queue.eviction_lost", { n: eviction.lost }) : words("queue.eviction_none_lost")}
          </Notice>
        </div>
      )}
      {exporting.said === null ? null : <p className="ms-pad ms-second" role="status">{exporting.said}</p>}
    </>
  );
}

function sayNext(words: Words, kind: string, queue: Queue | undefined): string {
  if (kind === "sending") return words("queue.sending");
  if (kind === "signed_out") return words("queue.signed_out");
  if (queue === undefined || queue.waitingCount + queue.photosWaiting === 0) return words("queue.all_sent");
  return queue.nextTryAt === null ? words("queue.next_try") : words("queue.next_try_at", { time: formatInstant(queue.nextTryAt) });
}
