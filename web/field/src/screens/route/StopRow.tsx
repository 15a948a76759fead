import { memo, type ReactNode } from "react";
import { Chip, Icon, ListRow } from "@metersync/parts";
import { useLocation } from "wouter";

import { distance } from "../../capture/position.ts";
import type { Stop } from "../../route/stop.ts";
import type { Place } from "../../store/records.ts";
import { formatDistance } from "../../words/format.ts";
import { useWords, type Words } from "../../words/useWords.ts";

type Props = { stop: Stop; before: Stop | null; here: Place | null; divided: boolean };

export const StopRow = memo(function StopRow({ stop, before, here, divided }: Props): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { meter } = stop;
  const path = stop.visit === null ? `/meter/${stop.id}` : `/visit/${stop.visit.client_id}`;
  return (
    <ListRow
      divided={divided}
      leading={stop.number ?? ""}
      title={meter.address ?? meter.serial_number}
      second={
        <span className="ms-row">
          <Icon name={meter.meter_type} size={16} />
          <span>{words(`route.type_${meter.meter_type}`)} · <span className="ms-serial">{meter.serial_number}</span></span>
        </span>
      }
      trailing={<Trailing stop={stop} before={before} here={here} words={words} />}
      href={import.meta.env.BASE_URL.replace(/\/$/, "") + path}
      onPress={() => { go(path); }}
    />
  );
});

function Trailing({ stop, before, here, words }: { stop: Stop; before: Stop | null; here: Place | null; words: Words }): ReactNode {
  if (stop.pending) return <Chip tone="primary" icon="cloud-up">{words("route.sending")}</Chip>;
  switch (stop.state) {
    case "done":
      return <Chip tone="safe" icon="check">{words("route.safe")}</Chip>;
    case "skipped":
      return <Chip tone="neutral" icon="skip">{words("route.skipped")}</Chip>;
    case "problem":
      return stop.office?.state === "rejected" ? <Chip tone="error" icon="cross">{words("route.refused")}</Chip> : <Chip tone="attention" icon="warning">{words("route.second_look")}</Chip>;
    case "todo": {
      if (stop.assignment === null) return words("route.not_in_round");
      const place = stop.meter.coordinates;
      if (place === null) return null;
      if (before?.meter.coordinates != null && before.meter.address === stop.meter.address && distance(before.meter.coordinates, place) < 10) return words("route.same_stop");
      return here === null ? null : formatDistance(distance(here, place));
    }
  }
}
