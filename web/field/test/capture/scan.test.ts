import { describe, expect, it } from "vitest";
import { hasTorch, openCamera, ScanError } from "../../src/capture/camera.ts";
import { withoutParts } from "../../src/capture/codes.ts";
import { Sightings } from "../../src/capture/sightings.ts";

const QR = { text: "W-1040217", format: "qr_code" } as const;
const ITF = { text: "104021", format: "itf" } as const;

describe("codes in view", () => {
  it("are told once however long they are held there", () => {
    const sightings = new Sightings();
    expect(sightings.add([QR, QR], 0)).toEqual([QR]);
    for (let now = 125; now < 10_000; now += 125) expect(sightings.add([QR], now)).toEqual([]);
  });

  it("are told again when they are shown again", () => {
    const sightings = new Sightings();
    sightings.add([QR], 0);
    expect(sightings.add([QR], 1_500)).toEqual([]);
    expect(sightings.add([], 3_001)).toEqual([]);
    expect(sightings.add([QR], 3_126)).toEqual([QR]);
  });

  it("need two frames where the code has no check digit", () => {
    const sightings = new Sightings();
    expect(sightings.add([ITF], 0)).toEqual([]);
    expect(sightings.add([{ ...ITF, text: "999999" }], 125)).toEqual([]);
    expect(sightings.add([ITF], 250)).toEqual([ITF]);
    expect(sightings.add([ITF], 375)).toEqual([]);
  });
});

describe("bars that interleave", () => {
  it("are told by their longest reading only, other codes all", () => {
    const part = { ...ITF, text: "0402" };
    const other = { text: "1040", format: "code_128" } as const;
    expect(withoutParts([part, ITF, other])).toEqual([ITF, other]);
    const sightings = new Sightings();
    sightings.add([part, ITF], 0);
    expect(sightings.add([part, ITF], 125)).toEqual([ITF]);
  });
});

describe("the camera", () => {
  const failing = (name: string) => ({ getUserMedia: () => Promise.reject(new DOMException("", name)) });

  it.each([
    ["NotAllowedError", "refused"],
    ["SecurityError", "refused"],
    ["NotFoundError", "no_camera"],
    ["OverconstrainedError", "no_camera"],
    ["NotReadableError", "in_use"],
    ["AbortError", "in_use"],
    ["TypeError", "unsupported"],
  ])("that fails with %s is %s", async (name, code) => {
    const failure: unknown = await openCamera(failing(name)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ScanError);
    expect(failure).toMatchObject({ code });
  });

  it("is unsupported where the browser has none to ask", async () => {
    await expect(openCamera(undefined)).rejects.toMatchObject({ code: "unsupported" });
  });

  it("has a lamp only where it says so", () => {
    const track = (capabilities: unknown) => ({ getCapabilities: () => capabilities }) as unknown as MediaStreamTrack;
    expect(hasTorch(track({ torch: true }))).toBe(true);
    expect(hasTorch(track({ torch: [false, true] }))).toBe(true);
    expect(hasTorch(track({ torch: [false] }))).toBe(false);
    expect(hasTorch(track({}))).toBe(false);
    expect(hasTorch({} as MediaStreamTrack)).toBe(false);
  });
});
