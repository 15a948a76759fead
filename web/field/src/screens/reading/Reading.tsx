import { useEffect, useState, type ReactNode } from "react";
import { Button, IconButton, Keypad, Notice, Sheet, TopBar, useKeypadKeys, type KeypadKey } from "@metersync/parts";
import { useLocation } from "wouter";

import { usePosition } from "../../app/here.ts";
import { markWhenShown } from "../../app/marks.ts";
import { usePreferences } from "../../app/preferences.ts";
import { Sync } from "../../app/Shell.tsx";
import { useWork } from "../../app/work.ts";
import { buzz } from "../../capture/haptics.ts";
import { missing } from "../../metering/entry.ts";
import type { Stop } from "../../route/stop.ts";
import type { Visit } from "../../store/records.ts";
import { titleOf } from "../../visit/draft.ts";
import { Evidence } from "../../visit/Evidence.tsx";
import { usePhotos } from "../../visit/usePhotos.ts";
import { formatCounter, formatInstant } from "../../words/format.ts";
import { shownUnit } from "../../words/units.ts";
import { useWords } from "../../words/useWords.ts";
import { Already } from "./Already.tsx";
import { MeterSheet } from "./MeterSheet.tsx";
import { NoteSheet } from "./NoteSheet.tsx";
import { PhotoOffer } from "./PhotoOffer.tsx";
import { RegisterCard } from "./RegisterCard.tsx";
import { SkipSheet } from "./SkipSheet.tsx";
import { judged, useRegisters, type Entry } from "./useRegisters.ts";
import { usePaste } from "./usePaste.ts";
import { useSaveReading } from "./useSaveReading.ts";

type Open = "skip" | "note" | "meter" | "leave" | null;

/** Types the values of one meter's registers and keeps them; then the next stop comes. */
export function Reading({ stop, corrected }: { stop: Stop; corrected: Visit | null }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { preferences } = useWork();
  const { haptics } = usePreferences(preferences);
  // Pages of a sync may change the meter while somebody types; its registers stay those that stood here.
  const [{ meter, openedAt }] = useState(() => ({ meter: stop.meter, openedAt: Date.now() }));
  const { registers: all } = meter;
  const position = usePosition();
  const photos = usePhotos("reading", titleOf(meter));
  const typed = useRegisters(words, all, meter.time_zone, all.map((register) => corrected?.values.find((value) => value.register_id === register.id)?.text ?? null));
  const [at, setAt] = useState(0);
  const [note, setNote] = useState(corrected?.note ?? "");
  const [readAt, setReadAt] = useState<number | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const [again, setAgain] = useState(corrected !== null);
  const saving = useSaveReading(stop);
  useEffect(() => {
    markWhenShown("reading-usable");
  }, []);

  const register = all[at];
  const entry = typed.all[at];
  const isDone = stop.visit?.kind === "reading" && !again;
  const keys = {
    onDigit: (key: KeypadKey) => {
      buzz("key", haptics);
      typed.press(at, key);
    },
    onDelete: () => {
      typed.remove(at);
    },
    onClear: () => {
      typed.clear(at);
    },
  };
  useKeypadKeys({ ...keys, onEnter: () => { goOn(); } }, open === null && !isDone && entry?.entries.step !== "differ");
  usePaste((text) => { typed.paste(at, text); }, open === null && !isDone && entry?.entries.step !== "differ");
  if (register === undefined || entry === undefined) return null;

  const { step } = entry.entries;
  const judgement = judged(words, entry, register, meter.time_zone);
  const left = missing(entry.typing, register);
  const openOnes = typed.all.flatMap((one, index) => (index !== at && one.entries.step !== "done" ? [index] : []));
  const isLast = openOnes.length === 0;
  const needsPhoto = meter.requires_photo && photos.photos.length === 0;
  const isRefused = judgement?.explanation.weight === "refused" && step === "first";
  const hasTyped = typed.all.some(({ typing }) => typing.text !== "") || photos.photos.length > 0;

  const goOn = () => {
    if (left > 0 || isRefused || step === "differ" || saving.busy) return;
    const entered = typed.enter(at);
    if (entered?.entries.step !== "done") {
      buzz("warning", haptics);
      return;
    }
    const [nextOpen] = openOnes;
    if (nextOpen !== undefined) {
      setAt(nextOpen);
      return;
    }
    // The value stays entered while the photo is missing.
    if (needsPhoto) return;
    save(typed.all.map((one, index) => (index === at ? entered : one)));
  };
  const save = (entries: readonly Entry[]) => {
    const done = entries.map((one) => one.entries);
    const values = all.map((one, index) => ({ register_id: one.id, text: done[index]?.step === "done" ? done[index].value : "" }));
    const detail = all.map((one, index) => `${formatCounter(values[index]?.text ?? "", one.digits, one.decimals)} ${shownUnit(one.unit)}`).join(" · ");
    saving
      .save({ values, photos: photos.photos, note: note.trim(), readAt, doubleEntered: done.some((one) => one.step === "done" && one.doubleEntered), openedAt, corrects: corrected?.client_id ?? null, detail })
      .then((saved) => {
        if (!saved) return;
        buzz("saved", haptics);
        go("/", { replace: true });
      }, reportError);
  };
  const leave = () => {
    if (hasTyped && !saving.saved && corrected === null) setOpen("leave");
    else go("/");
  };

  return (
    <div className="ms-screen ms-screen-split">
      <Sync />
      <TopBar title={titleOf(meter)} second={meter.access_notes ?? meter.owner ?? undefined} onBack={leave} backLabel={words("reading.back")} actions={<IconButton icon="menu-dots" label={words("reading.more")} onPress={() => { setOpen("meter"); }} />} />
      <main className="ms-screen-body ms-pad-card ms-stack">
        {isDone && stop.visit !== null ? <Already visit={stop.visit} onAgain={() => { setAgain(true); }} /> : null}
        {entry.entries.step === "differ" ? (
          <Notice
            tone="attention"
            icon="swap"
            title={words("reading.differ_title")}
            live
            actions={[entry.entries.first, entry.entries.second].map((value) => (
              <Button key={value} kind="outlined" size="card" onPress={() => { typed.choose(at, value); }}>{words("reading.use_first", { value: formatCounter(value, register.digits, register.decimals) })}</Button>
            ))}
          >
            {words("reading.differ_text", { first: formatCounter(entry.entries.first, register.digits, register.decimals), second: formatCounter(entry.entries.second, register.digits, register.decimals) })}
          </Notice>
        ) : judgement !== null && judgement.explanation.title !== "" && (step === "second" || judgement.explanation.weight === "refused" || judgement.explanation.weight === "remark") ? (
          <Notice tone={judgement.explanation.weight === "refused" ? "error" : "attention"} icon="warning" title={judgement.explanation.title} live>{judgement.explanation.text}</Notice>
        ) : null}
        {saving.failure === null ? null : <Notice tone="error" icon="warning" title={words(`reading.${saving.failure}_title`)} live>{words(`reading.${saving.failure}_text`)}</Notice>}
        {all.map((one, index) => typed.all[index] === undefined ? null : (
          <RegisterCard key={one.id} meter={meter} register={one} entry={typed.all[index]} index={index} total={all.length} active={index === at} flash={saving.saved} onChoose={() => { setAt(index); }} />
        ))}
        {step === "second" ? null : (
          <>
            <PhotoOffer photos={photos} meter={meter} register={register} onUse={(value) => typed.set(at, value)} />
            <Evidence photos={photos} meterPlace={meter.coordinates} onNote={() => { setOpen("note"); }} hasNote={note.trim() !== ""} />
            {readAt === null ? null : <p className="ms-second ms-num">{words("reading.read_at_set", { time: formatInstant(readAt) })}</p>}
          </>
        )}
      </main>
      <section className="ms-screen-action" aria-label={words("reading.enter")}>
        {step === "second" || step === "differ" ? (
          <div className="ms-actions">
            <Button kind="outlined" size="card" icon="camera" disabled={photos.isFull} onPress={() => { photos.take(true).catch(reportError); }}>{words("reading.photo")}</Button>
            <Button kind="outlined" size="card" icon="undo" onPress={() => { if (step === "differ") typed.typeAgain(at); else typed.changeFirst(at); }}>{words(step === "differ" ? "reading.type_again" : "reading.change_first")}</Button>
          </div>
        ) : null}
        <Keypad {...keys} onSkip={() => { setOpen("skip"); }} skipLabel={words("reading.skip")} deleteLabel={words("reading.delete")} clearLabel={words("reading.hold_clears")} label={words("reading.keypad")} point={register.digits === null && register.decimals !== 0} disabled={step === "differ"} />
        <Button kind="filled" wide busy={saving.busy} disabled={left > 0 || isRefused || step === "differ" || saving.busy || (isLast && needsPhoto && step !== "second")} onPress={goOn}>
          {sayButton()}
        </Button>
      </section>
      {open === "skip" ? <SkipSheet stop={stop} onClose={() => { setOpen(null); }} onSaved={() => { go("/", { replace: true }); }} /> : null}
      {open === "note" ? <NoteSheet note={note} onChange={setNote} onClose={() => { setOpen(null); }} /> : null}
      {open === "meter" ? <MeterSheet stop={stop} readAt={readAt} onReadAt={setReadAt} position={position} onClose={() => { setOpen(null); }} /> : null}
      <Sheet
        open={open === "leave"}
        title={words("reading.leave_title")}
        second={words("reading.leave_text")}
        onClose={() => { setOpen(null); }}
        closeLabel={words("common.close")}
        actions={
          <>
            <Button kind="filled" wide onPress={() => { setOpen(null); }}>{words("reading.stay")}</Button>
            <Button kind="text" wide onPress={() => { go("/"); }}>{words("reading.leave")}</Button>
          </>
        }
      >
        {null}
      </Sheet>
    </div>
  );

  function sayButton(): string {
    if (register === undefined) return "";
    if (saving.busy) return words("reading.saving");
    if (left > 0) return register.digits === null ? words("reading.type_value") : words("reading.type_more", { n: left });
    if (isRefused) return words("metering.impossible");
    if (isLast && needsPhoto && step !== "second") return words("reading.photo_needed");
    return isLast ? words("reading.save") : words("reading.save_next");
  }
}
