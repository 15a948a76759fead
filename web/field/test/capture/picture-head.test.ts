import { describe, expect, it } from "vitest";
import { readPictureHead } from "../../src/capture/picture-head.ts";
import { within } from "../../src/capture/within.ts";
import { GREY, greyWith, segment } from "./pictures.ts";

const bytes = (...parts: readonly (string | readonly number[])[]) => new Blob([Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? Array.from(part, (sign) => sign.charCodeAt(0)) : part)))]);
const nothing = (count: number) => Array.from({ length: count }, () => 0);

describe("the head of a picture", () => {
  it("finds the size of a JPEG behind any number of other segments", async () => {
    expect(await readPictureHead(new Blob([GREY]))).toEqual({ kind: "jpeg", width: 8, height: 8 });
    const preview = segment(0xe2, Array.from({ length: 65_000 }, (_, at) => (at * 7) & 0xff));
    expect(await readPictureHead(new Blob([greyWith(...Array.from({ length: 20 }, () => preview))]))).toEqual({ kind: "jpeg", width: 8, height: 8 });
  });

  it("knows a JPEG that breaks off by its begin, and no size of it", async () => {
    expect(await readPictureHead(new Blob([GREY.subarray(0, 40)]))).toEqual({ kind: "jpeg", width: null, height: null });
  });

  it("finds the size of a PNG and of the three kinds of WebP", async () => {
    expect(await readPictureHead(bytes([0x89], "PNG\r\n", [0x1a, 0x0a, 0, 0, 0, 13], "IHDR", [0, 0, 0x0f, 0xc0, 0, 0, 0x0b, 0xd0], nothing(8)))).toEqual({ kind: "png", width: 4032, height: 3024 });
    expect(await readPictureHead(bytes("RIFF", nothing(4), "WEBPVP8 ", nothing(4), nothing(3), [0x9d, 0x01, 0x2a], [0xc0, 0x0f, 0xd0, 0x0b], nothing(2)))).toEqual({ kind: "webp", width: 4032, height: 3024 });
    expect(await readPictureHead(bytes("RIFF", nothing(4), "WEBPVP8L", nothing(4), [0x2f], [0xbf, 0xcf, 0xf3, 0x02], nothing(8)))).toEqual({ kind: "webp", width: 4032, height: 3024 });
    expect(await readPictureHead(bytes("RIFF", nothing(4), "WEBPVP8X", nothing(8), [0xbf, 0x0f, 0], [0xcf, 0x0b, 0], nothing(2)))).toEqual({ kind: "webp", width: 4032, height: 3024 });
  });

  it("knows what phones call HEIC, without its size", async () => {
    expect(await readPictureHead(bytes([0, 0, 0, 24], "ftypheic", nothing(16)))).toEqual({ kind: "heif", width: null, height: null });
  });

  it.each([
    ["an empty file", bytes()],
    ["a program that is called meter.jpg", bytes("MZ", nothing(200))],
    ["a page", bytes("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>")],
    ["a film", bytes([0, 0, 0, 24], "ftypisom", nothing(16))],
    ["a PDF", bytes("%PDF-1.7 and more of it, line after line")],
  ])("takes %s for no picture", async (_, file) => {
    expect(await readPictureHead(file)).toBeNull();
  });
});

describe("the size of what is kept", () => {
  it("has its longest side at the limit, enlarges nothing and is never empty", () => {
    expect(within(4032, 3024, 2048)).toEqual([2048, 1536]);
    expect(within(3024, 4032, 2048)).toEqual([1536, 2048]);
    expect(within(800, 600, 2048)).toEqual([800, 600]);
    expect(within(10_000, 1, 192)).toEqual([192, 1]);
  });
});
