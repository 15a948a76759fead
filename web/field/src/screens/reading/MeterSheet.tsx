import { useState, type ReactNode } from "react";
import { Button, Sheet, TextField } from "@metersync/parts";

import { distance, type PositionState } from "../../capture/position.ts";
import type { Stop } from "../../route/stop.ts";
import { formatDistance, formatInstant } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";

type Props = { stop: Stop; readAt: number | null; onReadAt: (at: number | null) => void; position: PositionState; onClose: () => void };

/** What is known of the meter, and when it was read where that is not now. */
export function MeterSheet({ stop, readAt, onReadAt, position, onClose }: Props): ReactNode {
  const words = useWords();
  const { meter, assignment } = stop;
  const [typed, setTyped] = useState(readAt === null ? "" : localText(readAt));
  const at = typed === "" ? null : new Date(typed).getTime();
  const isFuture = at !== null && at > Date.now() + 60_000;
  const facts: readonly (readonly [string, string | null])[] = [
    [words("reading.serial"), meter.serial_number],
    [words("reading.owner"), meter.owner],
    [words("reading.access"), meter.access_notes],
    [words("reading.hazard"), meter.hazard_notes],
    [words("reading.key"), meter.key_number],
    [words("reading.due"), assignment?.due_at == null ? null : formatInstant(assignment.due_at)],
    [words("map.title"), "position" in position && meter.coordinates !== null ? formatDistance(distance(position.position, meter.coordinates)) : null],
  ];
  const done = () => {
    if (isFuture) return;
    onReadAt(at);
    onClose();
  };
  return (
    <Sheet open title={words("reading.details")} second={meter.address ?? undefined} onClose={onClose} closeLabel={words("common.close")} actions={<Button kind="filled" wide disabled={isFuture} onPress={done}>{words("common.done")}</Button>}>
      <div className="ms-stack-group">
        <dl className="field-facts">
          {facts.filter(([, value]) => value !== null && value !== "").map(([name, value]) => (
            <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
          ))}
        </dl>
        <TextField label={words("reading.read_at")} type="datetime-local" value={typed} onChange={setTyped} hint={words("reading.read_at_hint")} {...(isFuture ? { error: words("reading.read_at_future") } : {})} />
      </div>
    </Sheet>
  );
}

/** As a field for local date and time wants it. */
function localText(at: number): string {
  const time = new Date(at);
  return new Date(at - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
