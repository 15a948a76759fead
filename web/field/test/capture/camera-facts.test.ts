import { describe, expect, it } from "vitest";
import { readCameraFacts, takenAt, type CameraFacts } from "../../src/capture/camera-facts.ts";
import { exifSegment, withExif } from "../../src/capture/exif-segment.ts";
import { GREY, greyWith, segment } from "./pictures.ts";

const NOTHING: CameraFacts = { clock: null, offset: null, satellites: null, place: null, orientation: null };

function read(facts: Partial<CameraFacts>): Promise<CameraFacts> {
  return readCameraFacts(withExif(GREY, exifSegment({ ...NOTHING, ...facts })));
}

describe("what the camera wrote", () => {
  it("is nothing where it wrote nothing", async () => {
    expect(await readCameraFacts(GREY)).toEqual(NOTHING);
    expect(takenAt(NOTHING)).toBeNull();
  });

  it("is nothing where its EXIF is broken, and that is no failure", async () => {
    const broken = segment(0xe1, [...new TextEncoder().encode("Exif\0\0MM"), 0, 42, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
    expect(await readCameraFacts(greyWith(broken))).toEqual(NOTHING);
    expect(await readCameraFacts(new TextEncoder().encode("no picture at all, only words"))).toEqual(NOTHING);
  });

  it.each(["0000:00:00 00:00:00", "1980:01:01 00:00:00", "2026:02:30 10:00:00", "2026:11:17 25:00:00", "    :  :     :  :  "])("is no time when its clock says %j", async (clock) => {
    expect((await read({ clock, place: { latitude: 1, longitude: 2 } })).clock).toBeNull();
  });

  it.each(["+15:00", "03:00", "+3", "   :  ", "Z"])("has no offset where it says %j", async (offset) => {
    expect(await read({ clock: "2026:11:17 10:42:05", offset })).toMatchObject({ clock: "2026:11:17 10:42:05", offset: null });
  });

  it("is no position where it wrote zeros or degrees that do not exist", async () => {
    expect((await read({ place: { latitude: 0, longitude: 0 } })).place).toBeNull();
    expect((await read({ place: { latitude: 91, longitude: 10 } })).place).toBeNull();
    expect((await read({ place: { latitude: 10, longitude: -181 } })).place).toBeNull();
  });

  it("tells the camera's clock with its offset before the satellites' time, and that before a clock without offset", () => {
    const clock = "2026:11:17 10:42:05";
    const satellites = "2026:11:17 07:42:04";
    expect(takenAt({ ...NOTHING, clock, offset: "+03:00", satellites })).toBe("2026-11-17T10:42:05+03:00");
    expect(takenAt({ ...NOTHING, clock, satellites })).toBe("2026-11-17T07:42:04Z");
    expect(takenAt({ ...NOTHING, clock })).toBe("2026-11-17T10:42:05");
    expect(takenAt({ ...NOTHING, offset: "+03:00" })).toBeNull();
  });
});
