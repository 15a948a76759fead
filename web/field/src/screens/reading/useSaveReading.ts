import { useRef, useState } from "react";

import { positionWatch } from "../../app/here.ts";
import { mark } from "../../app/marks.ts";
import { tellSaved } from "../../app/saved.ts";
import { useWork } from "../../app/work.ts";
import { isQuotaError } from "../../capture/storage.ts";
import type { Stop } from "../../route/stop.ts";
import { saveVisit } from "../../store/saving.ts";
import { draftReading, type ReadingFacts } from "../../visit/draft.ts";
import { useWords } from "../../words/useWords.ts";

const SHOWN_BUSY_AFTER_MS = 200;

export type Saving = {
  busy: boolean;
  saved: boolean;
  failure: "full" | "failed" | null;
  /** @returns whether it is on the disk */
  save: (facts: Omit<ReadingFacts, "stop" | "position" | "deviceId" | "now">) => Promise<boolean>;
};

/** Keeps a reading: it is said to be kept when the disk has it, and not before. */
export function useSaveReading(stop: Stop): Saving {
  const words = useWords();
  const { database, news, deviceId } = useWork();
  const [state, setState] = useState<"open" | "busy" | "saved">("open");
  const [failure, setFailure] = useState<Saving["failure"]>(null);
  // Two taps before the first drawing would be two readings.
  const begun = useRef(false);

  const save: Saving["save"] = async (facts) => {
    if (begun.current) return false;
    begun.current = true;
    mark("save-begin");
    setFailure(null);
    // Drawing would take longer than most phones take to write: only a slow one is shown to be busy.
    const slow = setTimeout(() => { setState("busy"); }, SHOWN_BUSY_AFTER_MS);
    const { visit, draft } = draftReading({ ...facts, stop, position: positionWatch()?.best() ?? null, deviceId, now: Date.now() });
    try {
      await saveVisit(database, visit, draft);
    } catch (error) {
      clearTimeout(slow);
      begun.current = false;
      setState("open");
      setFailure(isQuotaError(error) ? "full" : "failed");
      reportError(error);
      return false;
    }
    mark("save-stored");
    clearTimeout(slow);
    setState("saved");
    news.tell({ kind: "visits", ids: [visit.client_id] });
    news.tell({ kind: "outbox", ids: [visit.client_id] });
    tellSaved({ visit_id: visit.client_id, text: words(facts.corrects === null ? "reading.kept" : "reading.kept_correction", { value: facts.detail }) });
    return true;
  };
  return { busy: state === "busy", saved: state === "saved", failure, save };
}
