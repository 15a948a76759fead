import type { GeoJSONSource, GeoJSONSourceDiff } from "maplibre-gl";

import type { Collection } from "./base.ts";

/** What has changed of a collection whose features stayed where they are; null: it is another one. */
export function changesOf(before: Collection, after: Collection): NonNullable<GeoJSONSourceDiff["update"]> | null {
  if (before.features.length !== after.features.length) return null;
  const changes: NonNullable<GeoJSONSourceDiff["update"]> = [];
  for (const [at, feature] of after.features.entries()) {
    const old = before.features[at];
    if (old?.id === undefined || old.id !== feature.id || !isSamePlace(old, feature)) return null;
    const differing = Object.entries(feature.properties).filter(([key, value]) => old.properties[key] !== value);
    if (differing.length > 0) changes.push({ id: old.id, addOrUpdateProperties: differing.map(([key, value]) => ({ key, value })) });
  }
  return changes;
}

function isSamePlace(one: Collection["features"][number], other: Collection["features"][number]): boolean {
  if (one.geometry.type !== "Point" || other.geometry.type !== "Point") return false;
  return one.geometry.coordinates[0] === other.geometry.coordinates[0] && one.geometry.coordinates[1] === other.geometry.coordinates[1];
}

/** Brings a source from one collection to the next: by its changes where few pins change their state, else whole. */
export async function feed(source: GeoJSONSource, before: Collection | null, after: Collection): Promise<void> {
  const update = before === null ? null : changesOf(before, after);
  if (update === null) await source.setData(after as Parameters<GeoJSONSource["setData"]>[0]);
  else if (update.length > 0) await source.updateData({ update });
}
