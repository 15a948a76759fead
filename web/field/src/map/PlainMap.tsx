import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";

import type { Position } from "../store/records.ts";
import { baseOf, pinsOf, walkOf, type Feature } from "./base.ts";
import { frameOf, projection, type Frame, type Size } from "./frame.ts";
import "./map.css";
import { OWN_PLACE, PALETTES, type MapTheme } from "./palette.ts";
import type { Point } from "./plane.ts";
import { namesAlong, PlainNames } from "./PlainNames.tsx";
import { PlainChosen, PlainPin } from "./PlainPin.tsx";
import { Scale } from "./Scale.tsx";
import { around, type MapStop, type PinState } from "./stops.ts";
import { useWords } from "../words/useWords.ts";
import { useGround } from "./useGround.ts";
import { useMoves } from "./useMoves.ts";

const INSETS = { top: 64, right: 72, bottom: 240, left: 48 };
/** Metres per pixel from which on pins would cover each other, houses and names be specks. */
const FAR = 2.4;

type Props = {
  stops: readonly MapStop[];
  next: string | null;
  chosen: string | null;
  onChoose: (id: string | null) => void;
  own: Position | null;
  theme: MapTheme;
  label: string;
  /** Each change of it shows the own place. */
  follow?: number;
  /** Written on it. */
  said?: string;
};

/** The same base and stops as a plain drawing, where the phone cannot draw maps, and until it can. Can be moved as the map can. */
export function PlainMap({ stops, next, chosen, onChoose, own, theme, label, follow = 0, said }: Props): ReactNode {
  const words = useWords();
  const drawing = useRef<SVGSVGElement>(null);
  const size = useSize(drawing);
  const palette = PALETTES[theme];
  const ground = useGround(stops);
  const base = useMemo(() => baseOf(ground), [ground]);
  const pins = useMemo(() => pinsOf(stops), [stops]);
  const shown = stops.find((stop) => stop.id === (chosen ?? next)) ?? null;

  // A stop that is chosen here lies in sight already.
  const [first] = useState(chosen);
  const start = useMemo((): Frame => {
    const near = around(ground, first ?? next);
    return frameOf(near.length > 0 ? near.map((stop) => stop.place) : own === null ? [] : [own], size, INSETS);
  }, [ground, first, next, own, size]);
  const [move, setMove] = useState<{ from: string; frame: Frame } | null>(null);
  const here = follow > 0 && own !== null ? frameOf([own], size, INSETS, 0.6) : null;
  const mark = `${follow}${here === null ? "" : "!"}`;
  const frame = move?.from === mark ? move.frame : here ?? start;
  const latest = useRef({ frame, mark });
  useEffect(() => {
    latest.current = { frame, mark };
  });
  const [change] = useState(() => (turn: (frame: Frame) => Frame) => {
    const turned = turn(latest.current.frame);
    latest.current = { ...latest.current, frame: turned };
    setMove({ from: latest.current.mark, frame: turned });
  });
  const wasDragged = useMoves(drawing, change);

  const project = projection(frame, size);
  const inSight = (point: Point) => isInside(project(point), size);
  const path = (points: readonly Point[]) => points.map((point) => project(point).join(" ")).join(" ");
  const street = Math.min(60, Math.max(4, 8 / frame.metresPerPixel));
  const { streets, blocks } = useMemo(() => partsOf(base.drawing.features), [base]);
  const near = frame.metresPerPixel < FAR;
  const ownSpot = own === null ? null : project([own.longitude, own.latitude]);
  return (
    <>
      <svg
        className="field-map field-map-plain"
        ref={drawing}
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="application"
        aria-label={label}
        tabIndex={0}
        style={{ background: palette.ground }}
        onClick={() => {
          if (!wasDragged()) onChoose(null);
        }}
      >
        {near ? blocks.filter((ring) => ring[0] !== undefined && inSight(ring[0])).map((ring, index) => <polygon key={index} points={path(ring)} fill={palette.block} />) : null}
        {streets.map(({ points }, index) => <polyline key={index} points={path(points)} fill="none" stroke={palette.casing} strokeWidth={street + 2} strokeLinecap="round" strokeLinejoin="round" />)}
        {streets.map(({ points }, index) => <polyline key={index} points={path(points)} fill="none" stroke={palette.street} strokeWidth={street} strokeLinecap="round" strokeLinejoin="round" />)}
        {walkOf(ground, next, base).features.map(({ geometry, properties }, index) => (
          geometry.type === "LineString" ? <polyline key={index} points={path(geometry.coordinates)} fill="none" stroke={palette.walk} strokeWidth={properties["kind"] === "done" ? 4 : 3} strokeDasharray={properties["kind"] === "done" ? undefined : "7 5"} /> : null
        ))}
        {near ? <PlainNames names={namesAlong(streets.map(({ name, points }) => ({ name, line: points.map(project).filter((spot) => isInside(spot, size)) })))} palette={palette} /> : null}
        {ownSpot === null || own === null ? null : <circle cx={ownSpot[0]} cy={ownSpot[1]} r={own.accuracy_m / frame.metresPerPixel} fill={OWN_PLACE} fillOpacity={0.18} />}
        {pins.features.map(({ id, geometry, properties }) => {
          if (geometry.type !== "Point" || !inSight(geometry.coordinates)) return null;
          const [x, y] = project(geometry.coordinates);
          return (
            <g
              key={id}
              transform={`translate(${x} ${y})`}
              onClick={(event) => {
                event.stopPropagation();
                if (!wasDragged()) onChoose(String(properties["stop"]));
              }}
            >
              <circle r={near ? 22 : 6} fill="transparent" />
              <PlainPin state={properties["state"] as PinState} palette={palette} of={near ? Math.min(1, 0.7 / frame.metresPerPixel + 0.35) : Math.max(0.2, 0.96 / frame.metresPerPixel)} />
            </g>
          );
        })}
        {ownSpot === null ? null : <circle cx={ownSpot[0]} cy={ownSpot[1]} r={8} fill={OWN_PLACE} stroke="#FFFFFF" strokeWidth={3} />}
        {shown === null ? null : <g transform={`translate(${project([shown.place.longitude, shown.place.latitude]).join(" ")})`}><PlainChosen number={shown.number} palette={palette} /></g>}
      </svg>
      <Scale metresPerPixel={frame.metresPerPixel} />
      {said === undefined ? null : <p className="field-map-said">{stops.length === 0 ? words("map.no_places_title") : said}</p>}
    </>
  );
}

type NamedLine = { name: string; points: readonly Point[] };

function partsOf(features: readonly Feature[]): { streets: readonly NamedLine[]; blocks: readonly (readonly Point[])[] } {
  const streets: NamedLine[] = [];
  const blocks: (readonly Point[])[] = [];
  for (const { geometry, properties } of features) {
    if (geometry.type === "LineString") streets.push({ name: String(properties["name"]), points: geometry.coordinates });
    else if (geometry.type === "Polygon") blocks.push(geometry.coordinates[0] ?? []);
  }
  return { streets, blocks };
}

function isInside([x, y]: readonly [number, number], { width, height }: Size): boolean {
  return x > -30 && y > -30 && x < width + 30 && y < height + 30;
}

function useSize(element: RefObject<SVGSVGElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 360, height: 640 });
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
}
