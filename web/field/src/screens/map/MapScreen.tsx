import { lazy, Suspense, useMemo, useState, type ReactNode } from "react";
import { Button, Card, Chip, EmptyState, IconButton } from "@metersync/parts";
import { useLocation, useSearch } from "wouter";

import { positionWatch, usePosition } from "../../app/here.ts";
import { shownTheme, usePreferences } from "../../app/preferences.ts";
import { Navigation, Sync } from "../../app/Shell.tsx";
import { walkThere } from "../../app/walk.ts";
import { useRoute, useWork } from "../../app/work.ts";
import { distance } from "../../capture/position.ts";
import { PlainMap } from "../../map/PlainMap.tsx";
import { mapStops } from "../../map/stops.ts";
import type { Stop } from "../../route/stop.ts";
import type { Place } from "../../store/records.ts";
import { formatDistance } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";

const FieldMap = lazy(() => import("../../map/FieldMap.tsx"));

/** The round on a map: what is done, what is next, and where I am. */
export default function MapScreen(): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const asked = new URLSearchParams(useSearch()).get("stop");
  const view = useRoute();
  const { book, preferences, settings } = useWork();
  const { theme } = usePreferences(preferences);
  const position = usePosition();
  const own = "position" in position ? position.position : null;
  const [chosen, setChosen] = useState<string | null>(asked);
  const [follow, setFollow] = useState(0);
  const stops = useMemo(() => mapStops(view.stops), [view.stops]);
  const next = view.next?.id ?? null;
  const stop = (chosen === null ? null : book.stop(chosen)) ?? view.next;
  const label = words("map.label", { n: stops.length });
  const drawing = { stops, next, chosen, onChoose: setChosen, own, theme: shownTheme(theme), label };
  return (
    <div className="ms-screen">
      <Sync />
      <h1 className="ms-hidden">{words("map.title")}</h1>
      <main className="ms-screen-main field-map-main">
        {view.loaded && stops.length === 0 && own === null ? <EmptyState icon="map" title={words("map.no_places_title")} text={words("map.no_places_text")} actions={<Button kind="tonal" onPress={() => { go("/"); }}>{words("map.as_list")}</Button>} /> : (
          <Suspense fallback={<PlainMap {...drawing} />}>
            <FieldMap {...drawing} follow={follow} settings={settings} />
          </Suspense>
        )}
        <div className="field-map-controls">
          <IconButton icon="search" label={words("route.search")} onPress={() => { go("/search"); }} />
          <IconButton
            icon="locate"
            label={words("map.own_position")}
            onPress={() => {
              if (own === null) positionWatch()?.retry();
              setFollow(follow + 1);
            }}
          />
          <IconButton icon="list" label={words("map.as_list")} onPress={() => { go("/"); }} />
        </div>
        {stop === null ? null : <div className="field-map-card"><StopCard stop={stop} own={own} isNext={stop.id === next} /></div>}
      </main>
      <Navigation at="map" />
    </div>
  );
}

function StopCard({ stop, own, isNext }: { stop: Stop; own: Place | null; isNext: boolean }): ReactNode {
  const words = useWords();
  const [, go] = useLocation();
  const { meter } = stop;
  const away = own === null || meter.coordinates === null ? null : formatDistance(distance(own, meter.coordinates));
  const head = [isNext ? words("route.next") : null, stop.number === null ? null : words("map.stop", { stop: stop.number }), away].filter((part) => part !== null);
  const isOpen = stop.visit === null;
  return (
    <Card first label={meter.address ?? meter.serial_number}>
      <div className="ms-row">
        <span className="ms-second ms-strong ms-num ms-grow field-next">{head.join(" · ")}</span>
        {meter.hazard_notes === null || meter.hazard_notes === "" ? null : <Chip tone="attention" icon="warning">{meter.hazard_notes}</Chip>}
      </div>
      <h2 className="ms-card-title">{meter.address ?? meter.serial_number}</h2>
      <p className="ms-second field-type-line">{words(`route.type_${meter.meter_type}`)} · <span className="ms-serial">{meter.serial_number}</span></p>
      <div className="ms-row">
        <div className="ms-grow"><Button kind="filled" wide onPress={() => { go(isOpen ? `/meter/${stop.id}` : `/visit/${stop.visit?.client_id ?? ""}`); }}>{words(isOpen ? "map.read" : "map.open")}</Button></div>
        {meter.coordinates === null || !/android/i.test(navigator.userAgent) ? null : <Button kind="tonal" icon="navigate" label={words("route.walk_there")} onPress={() => { walkThere(stop, go); }} />}
      </div>
    </Card>
  );
}
