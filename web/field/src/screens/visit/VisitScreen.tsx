import { useState, type ReactNode } from "react";
import { Button, Card, Chip, Counter, EmptyState, Icon, Notice, Skeleton, Thumb, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { Sync } from "../../app/Shell.tsx";
import { useStop, useStored, useWork } from "../../app/work.ts";
import type { Meter, OfficeReading, OutboxItem, Photo, Visit } from "../../store/records.ts";
import { isOurs, undoVisit } from "../../store/saving.ts";
import { sayProblem } from "../../sync/words-of-problem.ts";
import { PhotoView } from "../../visit/PhotoView.tsx";
import { formatInstant } from "../../words/format.ts";
import { shownUnit } from "../../words/units.ts";
import { useWords, type Words } from "../../words/useWords.ts";

type Kept = { visit: Visit; item: OutboxItem | null; photos: readonly Photo[]; office: OfficeReading | null };

/** One saved visit: what it says, where it is, and how to take it back or correct it. */
export default function VisitScreen({ clientId }: { clientId: string }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { book } = useWork();
  const kept = useStored<Kept | null>(
    async (database) => {
      const [visit, item, photos] = await Promise.all([database.get("visits", clientId), database.get("outbox", clientId), database.getAllFromIndex("photos", "visit_id", clientId)]);
      if (visit === undefined) return null;
      const office = item?.server_id == null ? undefined : await database.get("office_readings", item.server_id);
      return { visit, item: item ?? null, photos, office: office ?? null };
    },
    (news) => "ids" in news && (news.kind === "photos" || news.kind === "office_readings" || news.ids.includes(clientId)),
    clientId,
  );
  const back = () => {
    if (history.length > 1) history.back();
    else go("/");
  };
  const meterId = kept?.visit.meter_id ?? "";
  const stop = useStop(meterId);
  return (
    <div className="ms-screen">
      <Sync />
      <TopBar title={kept?.visit.title ?? words("reading.visit_title")} second={kept === undefined || kept === null ? undefined : words("reading.visit_saved", { time: formatInstant(kept.visit.saved_at) })} onBack={back} backLabel={words("common.back")} />
      <main className="ms-screen-body ms-pad-card ms-stack">
        {kept === undefined ? <Skeleton count={3} label={words("app.opening")} /> : kept === null ? (
          <EmptyState icon="inbox" title={words("reading.visit_gone")} text={words("reading.visit_gone_text")} actions={<Button kind="tonal" onPress={() => { go("/"); }}>{words("app.to_route")}</Button>} />
        ) : (
          <Shown kept={kept} meter={stop?.meter ?? null} isNewest={stop?.visit === null || stop?.visit === undefined || book.stop(meterId)?.visit?.client_id === clientId} />
        )}
      </main>
    </div>
  );
}

function Shown({ kept, meter, isNewest }: { kept: Kept; meter: Meter | null; isNewest: boolean }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { database, news } = useWork();
  const [photo, setPhoto] = useState<Photo | null>(null);
  const [late, setLate] = useState(false);
  const { visit, item, photos, office } = kept;
  const ours = isOurs(item);

  const takeBack = async (then: string) => {
    if (!(await undoVisit(database, visit.client_id))) {
      setLate(true);
      return;
    }
    news.tell({ kind: "visits", ids: [visit.client_id] });
    news.tell({ kind: "outbox", ids: [visit.client_id] });
    go(then, { replace: true });
  };

  return (
    <>
      <Card>
        <div className="ms-stack">
          <div className="ms-row">
            <Icon name={visit.meter_type} size={20} />
            <span className="ms-strong">{words(`route.type_${visit.meter_type}`)}</span>
            <span className="ms-second ms-serial">{visit.serial_number}</span>
          </div>
          {visit.kind === "skip" && visit.code !== null ? <p className="ms-card-title">{words(`reading.skip_${visit.code as "other"}`)}</p> : visit.values.map((value) => {
            const register = meter?.registers.find((one) => one.id === value.register_id);
            const decimals = register?.decimals ?? (value.text.split(".")[1]?.length ?? 0);
            const unit = shownUnit(register?.unit ?? visit.unit);
            return <Counter key={value.register_id} size="small" digits={register?.digits ?? null} decimals={decimals} text={register?.digits == null ? value.text : padded(value.text, register.digits, decimals)} unit={unit} label={words("reading.counter", { value: value.text, unit })} />;
          })}
          <p className="ms-second ms-num">{facts(words, visit).join(" · ")}</p>
          {visit.note === null ? null : <p className="ms-body">{visit.note}</p>}
          {photos.length === 0 ? null : (
            <div className="ms-evidence-photos">
              {photos.map((one, index) => <Thumb key={one.id} src={one.thumbnail} label={words("reading.photo_n", { n: index + 1 })} state={one.state === "safe" ? "safe" : one.state === "needs_you" ? "refused" : "waiting"} onPress={() => { setPhoto(one); }} />)}
            </div>
          )}
        </div>
      </Card>
      <Standing words={words} item={item} office={office} />
      {late ? <Notice tone="attention" icon="clock" title={words("reading.undo_late")} live /> : null}
      {ours ? (
        <>
          <p className="ms-second">{words("reading.visit_undo_text")}</p>
          <Button kind="tonal" icon="edit" wide onPress={() => { takeBack(`/meter/${visit.meter_id}`).catch(reportError); }}>{words("reading.visit_edit")}</Button>
          <Button kind="outlined" icon="undo" wide onPress={() => { takeBack("/").catch(reportError); }}>{words("reading.visit_undo")}</Button>
        </>
      ) : meter !== null && isNewest ? (
        <>
          {visit.kind === "skip" ? null : <p className="ms-second">{words("reading.visit_correct_text")}</p>}
          <Button kind="tonal" icon="edit" wide onPress={() => { go(visit.kind === "skip" ? `/meter/${visit.meter_id}` : `/meter/${visit.meter_id}?corrects=${visit.client_id}`); }}>{words(visit.kind === "skip" ? "reading.visit_read_anyway" : "reading.visit_correct")}</Button>
        </>
      ) : null}
      {photo === null ? null : <PhotoView photo={photo} onClose={() => { setPhoto(null); }} />}
    </>
  );
}

function Standing({ words, item, office }: { words: Words; item: OutboxItem | null; office: OfficeReading | null }): ReactNode {
  if (item?.state === "needs_you" && item.problem !== null) {
    const said = sayProblem(words, item.problem);
    return <Notice tone="attention" icon="warning" title={said.title}>{said.text}</Notice>;
  }
  if (office !== null && office.state === "held") return <Notice tone="attention" icon="warning" title={words("reading.visit_held", { why: office.decision_note ?? office.flags.join(", ") })} />;
  if (office !== null && office.state === "rejected") return <Notice tone="error" icon="cross" title={words("reading.visit_rejected", { why: office.decision_note ?? office.flags.join(", ") })} />;
  if (item === null) return null;
  return (
    <div className="ms-row ms-row-wrap">
      {item.state === "safe" ? <Chip tone="safe" icon="cloud-check">{words("reading.visit_safe", { time: formatInstant(item.safe_at ?? item.saved_at) })}</Chip> : null}
      {item.state === "waiting" ? <Chip tone="primary" icon="cloud-up">{words("reading.visit_waiting")}</Chip> : null}
      {office?.state === "accepted" ? <Chip tone="safe" icon="check">{words("reading.visit_accepted")}</Chip> : null}
    </div>
  );
}

function facts(words: Words, visit: Visit): readonly string[] {
  return [
    visit.kind === "reading" ? words("reading.visit_read", { time: formatInstant(visit.read_at) }) : null,
    visit.double_entered ? words("reading.visit_twice") : null,
    visit.position === null ? words("reading.visit_no_position") : visit.position.from === "photo" ? words("reading.visit_position_photo") : words("reading.visit_position", { n: Math.round(visit.position.accuracy_m) }),
    visit.corrects === null ? null : words("reading.visit_corrects"),
  ].filter((fact) => fact !== null);
}

/** The value as the drums show it: without a point, leading zeros and all decimals. */
function padded(text: string, digits: number, decimals: number): string {
  const [whole = "", part = ""] = text.split(".");
  return whole.replace(/^0+(?=\d)/, "").padStart(digits, "0") + part.padEnd(decimals, "0").slice(0, decimals);
}
