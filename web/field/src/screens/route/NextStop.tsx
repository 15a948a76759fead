import type { ReactNode } from "react";
import { Button, Card, Chip, Icon, type IconName } from "@metersync/parts";
import { useLocation } from "wouter";

import { usePosition } from "../../app/here.ts";
import { walkThere } from "../../app/walk.ts";
import { distance } from "../../capture/position.ts";
import type { Stop } from "../../route/stop.ts";
import { formatDistance } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";

/** The one place to go to, and the one filled button. */
export function NextStop({ stop }: { stop: Stop }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const position = usePosition();
  const { meter } = stop;
  const next = stop.number === null ? words("route.next") : words("route.next_stop", { stop: stop.number });
  const away = "position" in position && meter.coordinates !== null ? formatDistance(distance(position.position, meter.coordinates)) : null;
  const second = [meter.access_notes, meter.key_number === null ? null : words("route.key", { key: meter.key_number })].filter((part) => part !== null && part !== "");
  return (
    <div className="ms-pad field-next-card">
      <Card first>
        <div className="ms-row">
          <span className="ms-second ms-strong ms-num ms-grow field-next">{away === null ? next : words("route.next_distance", { next, distance: away })}</span>
          {meter.hazard_notes === null || meter.hazard_notes === "" ? null : <Chip tone="attention" icon={hazardIcon(meter.hazard_notes)}>{meter.hazard_notes}</Chip>}
        </div>
        <h2 className="ms-address">{meter.address ?? meter.serial_number}</h2>
        {second.length === 0 ? null : <p className="ms-second">{second.join(" · ")}</p>}
        <p className="ms-second ms-row field-type">
          <Icon name={meter.meter_type} size={18} />
          <span>{words(`route.type_${meter.meter_type}`)} · <span className="ms-serial">{meter.serial_number}</span></span>
        </p>
        <div className="ms-row">
          <div className="ms-grow"><Button kind="filled" wide onPress={() => { go(`/meter/${stop.id}`); }}>{words("route.read_this")}</Button></div>
          {meter.coordinates === null ? null : <Button kind="tonal" icon="navigate" label={words("route.walk_there")} onPress={() => { walkThere(stop, go); }} />}
        </div>
      </Card>
    </div>
  );
}

/** A dog is what readers meet most; its sign is known at once. */
function hazardIcon(notes: string): IconName {
  return /\b(dog|chien|perro|собак|कुत्त)/iu.test(notes) ? "paw" : "warning";
}
