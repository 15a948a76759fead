import { useEffect, useState, type ReactNode } from "react";
import { Toast } from "@metersync/parts";

import { undoVisit } from "../store/saving.ts";
import { useWords } from "../words/useWords.ts";
import { onSaved, type Saved } from "./saved.ts";
import { useStatus, useWork } from "./work.ts";

/** "Kept on this phone", with Undo for as long as nobody but this phone can know of it. */
export function SavedToast(): ReactNode {
  const words = useWords();
  const { database, news } = useWork();
  const [shown, setShown] = useState<{ saved: Saved; late: boolean } | null>(null);
  useEffect(() => onSaved((saved) => { setShown({ saved, late: false }); }), []);
  const isShutOut = useStatus()?.trouble === "revoked";
  if (shown === null || isShutOut) return null;
  const { saved, late } = shown;
  const undo = async () => {
    const undone = await undoVisit(database, saved.visit_id);
    if (!undone) {
      setShown({ saved, late: true });
      return;
    }
    setShown(null);
    news.tell({ kind: "visits", ids: [saved.visit_id] });
    news.tell({ kind: "outbox", ids: [saved.visit_id] });
    saved.onUndone?.();
  };
  return (
    <Toast
      key={saved.visit_id + String(late)}
      text={late ? words("reading.undo_late") : saved.text}
      action={late ? undefined : { label: words("common.undo"), onPress: () => { undo().catch(reportError); } }}
      seconds={6}
      onGone={() => { setShown(null); }}
    />
  );
}
