import { useCallback, useState } from "react";

import { useWork } from "../../app/work.ts";
import { exportUnsent } from "../../store/export.ts";
import { useWords } from "../../words/useWords.ts";

/** Saves everything unsent to a file that the office can bring in. */
export function useExport(): { busy: boolean; said: string | null; run: () => void } {
  const words = useWords();
  const { database, deviceId, user } = useWork();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const run = useCallback(() => {
    const save = async () => {
      const { blob, count } = await exportUnsent(database, deviceId, user);
      if (count === 0) {
        setSaid(words("queue.export_none"));
        return;
      }
      const name = `metersync-${user.username ?? user.id}-${new Date().toISOString().slice(0, 16).replace(":", "")}.ndjson`;
      const url = URL.createObjectURL(blob);
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      // Chromium reads the file after the click; freed at once it would be empty.
      setTimeout(() => { URL.revokeObjectURL(url); }, 60_000);
      setSaid(words("queue.export_done", { n: count, name }));
    };
    setBusy(true);
    save().catch(reportError).finally(() => { setBusy(false); });
  }, [database, deviceId, user, words]);
  return { busy, said, run };
}
