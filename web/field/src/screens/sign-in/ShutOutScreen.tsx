import type { ReactNode } from "react";
import { Button, EmptyState } from "@metersync/parts";
import { useLocation } from "wouter";

import { useStatus, useWork } from "../../app/work.ts";
import { useWords } from "../../words/useWords.ts";
import { useExport } from "../queue/useExport.ts";

/** The office revoked this phone, or ended the sign-in on it: whoever holds it sees no meters and no people. Nothing is deleted; what waits can be handed to the office as a file. */
export default function ShutOutScreen(): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { user } = useWork();
  const status = useStatus();
  const exporting = useExport();
  const kept = status === null ? 0 : status.waiting + status.needsYou;
  return (
    <div className="ms-screen">
      <main className="ms-screen-body ms-pad-card">
        <EmptyState
          icon="lock"
          title={words("queue.revoked_title")}
          text={
            <>
              {kept === 0 ? null : <><b className="field-on">{words("app.kept_for_others", { name: user.name, n: kept })}</b><br /></>}
              {words("queue.revoked_text")}
            </>
          }
          actions={
            <div className="ms-grow ms-stack">
              <Button kind="filled" icon="download" wide busy={exporting.busy} onPress={exporting.run}>{words("queue.export")}</Button>
              <Button kind="outlined" wide onPress={() => { go("/sign-in"); }}>{words("app.bar_sign_in")}</Button>
              {exporting.said === null ? null : <p className="ms-second" role="status">{exporting.said}</p>}
            </div>
          }
        />
      </main>
    </div>
  );
}
