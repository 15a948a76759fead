import type { ReaderOptions, ReadResult } from "zxing-wasm/reader";
import type { CodeFormat, CodeReader, CodeSource, ScannedCode } from "./codes.ts";
import { within } from "./within.ts";

// By family, so that variants (EAN with an add-on, QR model 2) keep their name.
const FORMATS: Readonly<Partial<Record<ReadResult["symbology"], CodeFormat>>> = {
  Code128: "code_128",
  Code39: "code_39",
  EANUPC: "ean_13",
  DataMatrix: "data_matrix",
  QRCode: "qr_code",
  ITF: "itf",
  Codabar: "codabar",
};

const OPTIONS: ReaderOptions = {
  formats: ["Code128", "Code39", "EAN13", "DataMatrix", "QRCode", "ITF", "Codabar"],
  // Data as the code holds them: what GS1 separates stays separated.
  textMode: "Plain",
  maxNumberOfSymbols: 8,
};
const FRAME: ReaderOptions = { ...OPTIONS, tryHarder: false, tryInvert: false };
const STILL: ReaderOptions = { ...OPTIONS, tryHarder: true };
/** Pixels of the longest side. Bars of a label that fills a third of the picture are still two pixels wide. */
const FRAME_SIDE = 1280;
const STILL_SIDE = 2560;

/**
 * Loads the reader made of zxing-cpp: 0.4 MB compressed, once. For browsers that read no codes themselves.
 * @throws Error when its file cannot be loaded or run.
 */
export async function loadZxing(): Promise<CodeReader> {
  const [{ prepareZXingModule, readBarcodes }, { default: address }] = await Promise.all([
    import("zxing-wasm/reader"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  await prepareZXingModule({ overrides: { locateFile: () => address }, fireImmediately: true });
  const canvas = document.createElement("canvas");

  return async (source, thorough) => {
    const pixels = pixelsOf(source, canvas, thorough ? STILL_SIDE : FRAME_SIDE);
    const results = pixels === null ? [] : await readBarcodes(pixels, thorough ? STILL : FRAME);
    return results.flatMap(codesOf);
  };
}

function codesOf({ isValid, symbology, text }: ReadResult): ScannedCode[] {
  const format = FORMATS[symbology];
  return isValid && format !== undefined && text !== "" ? [{ text, format }] : [];
}

/** null: the video has no frame yet. */
function pixelsOf(source: CodeSource, canvas: HTMLCanvasElement, longest: number): ImageData | null {
  const fullWidth = "videoWidth" in source ? source.videoWidth : source.width;
  const fullHeight = "videoHeight" in source ? source.videoHeight : source.height;
  if (fullWidth === 0 || fullHeight === 0) return null;
  const [width, height] = within(fullWidth, fullHeight, longest);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  if (brush === null) throw new Error("There is no memory for a canvas.");
  brush.drawImage(source, 0, 0, width, height);
  return brush.getImageData(0, 0, width, height);
}
