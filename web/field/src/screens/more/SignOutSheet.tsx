import { useState, type ReactNode } from "react";
import { Button, Sheet } from "@metersync/parts";

import { useStatus, useWork } from "../../app/work.ts";
import { signOut } from "../../store/signing.ts";
import { useWords } from "../../words/useWords.ts";

/** Says what stays on the phone before the session ends. */
export function SignOutSheet({ onDone, onClose }: { onDone: () => void; onClose: () => void }): ReactNode {
  const words = useWords();
  const { client, phone } = useWork();
  const status = useStatus();
  const [busy, setBusy] = useState(false);
  const waiting = (status?.waiting ?? 0) + (status?.needsYou ?? 0);
  const leave = () => {
    setBusy(true);
    signOut(client, phone).then(onDone, reportError);
  };
  return (
    <Sheet
      open
      title={words("more.sign_out")}
      second={waiting === 0 ? words("more.sign_out_none") : words("more.sign_out_text", { n: waiting })}
      onClose={onClose}
      closeLabel={words("common.close")}
      actions={
        <>
          <Button kind="filled" wide busy={busy} disabled={busy} onPress={leave}>{waiting === 0 ? words("more.sign_out") : words("more.sign_out_sure", { n: waiting })}</Button>
          <Button kind="text" wide onPress={onClose}>{words("common.cancel")}</Button>
        </>
      }
    >
      {null}
    </Sheet>
  );
}
