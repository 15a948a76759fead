import { useRef, useState, type ReactNode } from "react";
import { Button, Notice, Sheet, TextField, Tile, type IconName } from "@metersync/parts";

import { positionWatch } from "../../app/here.ts";
import { usePreferences } from "../../app/preferences.ts";
import { tellSaved } from "../../app/saved.ts";
import { useWork } from "../../app/work.ts";
import { buzz } from "../../capture/haptics.ts";
import { isQuotaError } from "../../capture/storage.ts";
import type { Stop } from "../../route/stop.ts";
import { saveVisit } from "../../store/saving.ts";
import { draftSkip, SKIP_CODES, titleOf, type SkipCode } from "../../visit/draft.ts";
import { Evidence } from "../../visit/Evidence.tsx";
import { usePhotos } from "../../visit/usePhotos.ts";
import { useWords } from "../../words/useWords.ts";

const ICONS: Readonly<Record<SkipCode, IconName>> = {
  no_access: "door",
  dog: "paw",
  meter_missing: "question-box",
  damaged: "broken",
  unreadable: "eye-off",
  unsafe: "shield",
  customer_refused: "hand",
  vacant: "house",
  other: "dots",
};

/** Why there is no value: nine reasons as big tiles; photo, note and position are kept with it. */
export function SkipSheet({ stop, onClose, onSaved }: { stop: Stop; onClose: () => void; onSaved: () => void }): ReactNode {
  const words = useWords();
  const work = useWork();
  const { haptics } = usePreferences(work.preferences);
  const { meter } = stop;
  const photos = usePhotos("skip", titleOf(meter));
  const [code, setCode] = useState<SkipCode | null>(null);
  const [note, setNote] = useState("");
  const [failure, setFailure] = useState<"full" | "failed" | null>(null);
  const saving = useRef(false);
  const needsNote = code === "other" && note.trim() === "";

  const save = async () => {
    if (code === null || needsNote || saving.current) return;
    saving.current = true;
    const detail = words(`reading.skip_${code}`);
    const { visit, draft } = draftSkip({ stop, code, photos: photos.photos, position: positionWatch()?.best() ?? null, note: note.trim(), deviceId: work.deviceId, now: Date.now(), detail });
    try {
      await saveVisit(work.database, visit, draft);
    } catch (error) {
      setFailure(isQuotaError(error) ? "full" : "failed");
      reportError(error);
      return;
    } finally {
      saving.current = false;
    }
    buzz("saved", haptics);
    work.news.tell({ kind: "visits", ids: [visit.client_id] });
    work.news.tell({ kind: "outbox", ids: [visit.client_id] });
    tellSaved({ visit_id: visit.client_id, text: words("reading.kept_skip", { code: detail }) });
    onSaved();
  };

  return (
    <Sheet
      open
      title={words("reading.skip_title")}
      second={<>{titleOf(meter)} · {words(`route.type_${meter.meter_type}`)} <span className="ms-serial">{meter.serial_number}</span></>}
      onClose={onClose}
      closeLabel={words("common.close")}
      actions={
        <>
          <Button kind="filled" wide disabled={code === null || needsNote} onPress={() => { save().catch(reportError); }}>
            {code === null ? words("reading.skip_choose") : needsNote ? words("reading.skip_note_needed") : words("reading.skip_as", { code: words(`reading.skip_${code}`) })}
          </Button>
          <Button kind="text" wide onPress={onClose}>{words("reading.skip_back")}</Button>
        </>
      }
    >
      <div className="ms-stack-group">
        <div className="ms-tiles">
          {SKIP_CODES.map((one) => <Tile key={one} icon={ICONS[one]} label={words(`reading.skip_${one}`)} chosen={one === code} onPress={() => { setCode(one); }} />)}
        </div>
        <Evidence photos={photos} meterPlace={meter.coordinates} />
        <TextField label={words("reading.note")} multiline value={note} onChange={setNote} maxLength={500} hint={words("reading.skip_note_hint")} />
        {failure === null ? null : <Notice tone="error" icon="warning" title={words(`reading.${failure}_title`)} live>{words(`reading.${failure}_text`)}</Notice>}
      </div>
    </Sheet>
  );
}
