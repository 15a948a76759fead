import type { ReactNode } from "react";
import { Button, Notice } from "@metersync/parts";
import { useLocation } from "wouter";

import type { Visit } from "../../store/records.ts";
import { formatInstant } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";

/** This meter has a reading of today: it is shown before a second one is typed by mistake. */
export function Already({ visit, onAgain }: { visit: Visit; onAgain: () => void }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  return (
    <Notice
      tone="safe"
      icon="check"
      title={words("reading.already", { time: formatInstant(visit.read_at), value: visit.values.map(({ text }) => text).join(" · ") })}
      actions={
        <>
          <Button kind="tonal" size="card" onPress={() => { go(`/visit/${visit.client_id}`); }}>{words("reading.already_open")}</Button>
          <Button kind="outlined" size="card" onPress={onAgain}>{words("reading.type_again")}</Button>
        </>
      }
    />
  );
}
