import { type ReactNode } from "react";
import { Button, EmptyState, TopBar } from "@metersync/parts";
import { useLocation } from "wouter";

import { Sync } from "../../app/Shell.tsx";
import { useRoute, useStop, useWork } from "../../app/work.ts";
import { useWords } from "../../words/useWords.ts";
import { Reading } from "./Reading.tsx";

/** The reading of one meter. The meter is kept as it was when the screen opened: what is typed belongs to it. */
export function ReadingScreen({ meterId }: { meterId: string }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const view = useRoute();
  const stop = useStop(meterId);
  const { book } = useWork();
  const corrects = new URLSearchParams(location.search).get("corrects");
  if (stop !== null && stop.meter.registers.length > 0) return <Reading stop={stop} corrected={corrects === null ? null : book.visit(corrects)} />;
  return (
    <div className="ms-screen">
      <Sync />
      <TopBar title={stop?.meter.address ?? words("reading.gone_title")} onBack={() => { go("/"); }} backLabel={words("reading.back")} />
      <main className="ms-screen-body">
        {!view.loaded ? null : (
          <EmptyState
            icon="question-box"
            title={stop === null ? words("reading.gone_title") : stop.meter.serial_number}
            text={words(stop === null ? "reading.gone_text" : "reading.no_registers")}
            actions={<Button kind="filled" onPress={() => { go("/"); }}>{words("app.to_route")}</Button>}
          />
        )}
      </main>
    </div>
  );
}
