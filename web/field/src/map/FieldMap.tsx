import { GPUInitializationError, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import { useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from "react";

import type { FieldSettings } from "../app/settings.ts";
import type { Position } from "../store/records.ts";
import { baseOf, pinsOf, walkOf, type Collection } from "./base.ts";
import { feed } from "./feed.ts";
import type { MapTheme } from "./palette.ts";
import { circleAround } from "./own-place.ts";
import { PlainMap } from "./PlainMap.tsx";
import { Scale } from "./Scale.tsx";
import { around, type MapStop } from "./stops.ts";
import { useGround } from "./useGround.ts";
import { useWords } from "../words/useWords.ts";
import { isInSight, lookAt, openView, type Camera } from "./view.ts";

export type FieldMapProps = {
  stops: readonly MapStop[];
  next: string | null;
  chosen: string | null;
  onChoose: (id: string | null) => void;
  own: Position | null;
  /** Each change of it moves the map to the own place, and keeps it there until the person moves the map. */
  follow: number;
  settings: FieldSettings;
  theme: MapTheme;
  label: string;
};

/** The map of the round; where the phone has no WebGL, a plain drawing of the same. */
export default function FieldMap(props: FieldMapProps): ReactNode {
  const [plain, setPlain] = useState(false);
  return plain ? <PlainMap {...props} said={props.label} /> : <DrawnMap {...props} onUnable={() => { setPlain(true); }} />;
}

function DrawnMap({ stops, next, chosen, onChoose, own, follow, settings, theme, label, onUnable }: FieldMapProps & { onUnable: () => void }): ReactNode {
  const words = useWords();
  const place = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapView | null>(null);
  const [metresPerPixel, setMetresPerPixel] = useState<number | null>(null);
  const unable = useEffectEvent(onUnable);
  const choose = useEffectEvent(onChoose);
  const camera = useRef<Camera | null>(null);
  const follows = useRef(false);
  const first = useRef(around(stops, chosen ?? next));

  useEffect(() => {
    if (place.current === null) return undefined;
    let view: MapView;
    let isReady = false;
    try {
      view = openView({
        container: place.current,
        theme,
        settings,
        places: first.current.map((stop) => stop.place),
        camera: camera.current,
        onReady: (opened) => {
          isReady = true;
          setMap(opened);
        },
        onChoose: choose,
        onDrag: () => {
          follows.current = false;
        },
        onScale: setMetresPerPixel,
      });
    } catch (error) {
      // Old phones, and browsers that switched it off.
      if (!(error instanceof GPUInitializationError)) throw error;
      unable();
      return undefined;
    }
    return () => {
      // In other colours it is the same piece of the world.
      const { lng, lat } = view.getCenter();
      if (isReady) camera.current = { center: [lng, lat], zoom: view.getZoom() };
      setMap(null);
      view.remove();
    };
  }, [theme, settings]);

  const ground = useGround(stops);
  const base = useMemo(() => baseOf(ground), [ground]);
  useFeed(map, "base", base.drawing);
  useFeed(map, "pins", useMemo(() => pinsOf(stops), [stops]));
  useFeed(map, "walk", useMemo(() => walkOf(ground, next, base), [ground, next, base]));
  const shown = useMemo(() => stops.find((stop) => stop.id === (chosen ?? next)) ?? null, [stops, chosen, next]);
  useFeed(map, "chosen", useMemo(() => pinsOf(shown === null ? [] : [shown]), [shown]));
  useFeed(map, "own", useMemo(() => circleAround(own), [own]));

  useEffect(() => {
    map?.getCanvas().setAttribute("aria-label", label);
  }, [map, label]);

  const shownPlace = shown?.place;
  const showChosen = useEffectEvent((view: MapView) => {
    if (shownPlace !== undefined && !isInSight(view, shownPlace)) lookAt(view, shownPlace);
  });
  useEffect(() => {
    if (map !== null && chosen !== null) showChosen(map);
  }, [map, chosen]);

  // Asked for before the phone knows where it is, it goes there as soon as it does; without any stop there is nothing else to show.
  const answered = useRef(0);
  useEffect(() => {
    if (follow !== answered.current) follows.current = true;
    answered.current = follow;
    if (map === null || own === null || !(follows.current || (stops.length === 0 && camera.current === null))) return;
    if (camera.current === null && !follows.current) camera.current = { center: [own.longitude, own.latitude], zoom: 16.5 };
    lookAt(map, own, Math.max(map.getZoom(), 16.5));
  }, [map, own, follow, stops.length]);

  return (
    <>
      <div className="field-map" ref={place} />
      {metresPerPixel === null ? null : <Scale metresPerPixel={metresPerPixel} />}
      <Said texts={[stops.length === 0 && map !== null ? words("map.no_places_title") : "", settings.tile_url === null ? "" : settings.tile_attribution ?? ""]} />
    </>
  );
}

function Said({ texts }: { texts: readonly string[] }): ReactNode {
  const said = texts.filter((text) => text !== "");
  return said.length === 0 ? null : <p className="field-map-said">{said.join(" · ")}</p>;
}

/** Gives a source its data, at most every quarter of a second: a drain changes stops faster than anybody looks. */
function useFeed(map: MapView | null, name: string, data: Collection): void {
  const last = useRef(0);
  const given = useRef<{ source: GeoJSONSource; data: Collection } | null>(null);
  useEffect(() => {
    if (map === null) return undefined;
    const timer = setTimeout(() => {
      last.current = performance.now();
      const source = map.getSource<GeoJSONSource>(name);
      if (source === undefined) return;
      const before = given.current?.source === source ? given.current.data : null;
      given.current = { source, data };
      feed(source, before, data).catch(reportError);
    }, Math.max(0, 250 - (performance.now() - last.current)));
    return () => {
      clearTimeout(timer);
    };
  }, [map, name, data]);
}
