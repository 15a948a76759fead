import type { Stop } from "../route/stop.ts";

/** Opens the phone's own navigation where there is one; else the map with this stop chosen. */
export function walkThere(stop: Stop, go: (path: string) => void): void {
  const place = stop.meter.coordinates;
  if (place !== null && /android/i.test(navigator.userAgent)) location.href = `geo:${place.latitude},${place.longitude}?q=${place.latitude},${place.longitude}`;
  else go(`/map?stop=${stop.id}`);
}
