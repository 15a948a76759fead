import { parse } from "exifr";
import { describe, expect, it } from "vitest";
import { readCameraFacts, takenAt, type CameraFacts } from "../../src/capture/camera-facts.ts";
import { exifSegment, withExif } from "../../src/capture/exif-segment.ts";
import { GREY, greyWith, segment } from "./pictures.ts";

const NAIROBI: CameraFacts = {
  clock: "2026:11:17 10:42:05",
  offset: "+03:00",
  satellites: "2026:11:17 07:42:04",
  place: { latitude: -1.2920659, longitude: 36.8219462 },
  orientation: 6,
};

async function throughJpeg(facts: CameraFacts): Promise<CameraFacts> {
  return readCameraFacts(withExif(GREY, exifSegment(facts)));
}

describe("the EXIF segment", () => {
  it("tells another reader the time, its offset and the position", async () => {
    const tags = (await parse(withExif(GREY, exifSegment(NAIROBI)), { reviveValues: false, translateValues: false })) as Record<string, unknown>;
    expect(tags).toMatchObject({
      Orientation: 1,
      DateTimeOriginal: "2026:11:17 10:42:05",
      OffsetTimeOriginal: "+03:00",
      GPSLatitudeRef: "S",
      GPSLongitudeRef: "E",
      GPSDateStamp: "2026:11:17",
    });
    expect(tags["latitude"]).toBeCloseTo(-1.2920659, 7);
    expect(tags["longitude"]).toBeCloseTo(36.8219462, 7);
  });

  it.each([
    { latitude: -1.2920659, longitude: 36.8219462 },
    { latitude: 52.999999999, longitude: -0.000004 },
    { latitude: -90, longitude: 180 },
    { latitude: 0, longitude: -179.9999999 },
    { latitude: 47.0166666, longitude: 8.9833333 },
  ])("brings $latitude, $longitude back to within a centimetre", async (place) => {
    const back = (await throughJpeg({ ...NAIROBI, place })).place;
    expect(back?.latitude).toBeCloseTo(place.latitude, 7);
    expect(back?.longitude).toBeCloseTo(place.longitude, 7);
  });

  it("keeps a time without offset without offset", async () => {
    const back = await throughJpeg({ ...NAIROBI, offset: null, satellites: null });
    expect(back).toMatchObject({ clock: "2026:11:17 10:42:05", offset: null, satellites: null });
    expect(takenAt(back)).toBe("2026-11-17T10:42:05");
  });

  it("keeps the satellites' time where the camera wrote no other", async () => {
    const back = await throughJpeg({ ...NAIROBI, clock: null, offset: null, place: null });
    expect(back).toEqual({ clock: null, offset: null, satellites: "2026:11:17 07:42:04", place: null, orientation: 1 });
    expect(takenAt(back)).toBe("2026-11-17T07:42:04Z");
  });

  it("is not written when the camera wrote nothing", () => {
    expect(exifSegment({ clock: null, offset: null, satellites: null, place: null, orientation: 3 })).toBeNull();
    expect(withExif(GREY, null)).toEqual(GREY);
  });

  it("takes the place of the encoder's own, and leaves every other segment as it was", async () => {
    const jfif = segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
    const encoders = exifSegment({ ...NAIROBI, clock: "2001:01:01 00:00:00", place: null });
    const mine = exifSegment(NAIROBI);
    if (encoders === null || mine === null) throw new Error("Both have something to tell.");
    const made = withExif(greyWith(jfif, encoders), mine);
    expect(made).toEqual(greyWith(mine, jfif));
    expect((await readCameraFacts(made)).clock).toBe("2026:11:17 10:42:05");
  });

  it("refuses bytes that are no JPEG", () => {
    expect(() => withExif(Uint8Array.of(0x89, 0x50, 0x4e, 0x47), null)).toThrow("no JPEG");
  });
});
