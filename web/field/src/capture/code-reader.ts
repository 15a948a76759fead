import { CODE_FORMATS, type CodeFormat, type CodeReader } from "./codes.ts";

// Not in TypeScript's library yet.
type Detector = { detect: (source: CanvasImageSource) => Promise<readonly { rawValue: string; format: string }[]> };
type DetectorKind = { new (options: { formats: readonly string[] }): Detector; getSupportedFormats: () => Promise<readonly string[]> };

let ownBroken = false;
let zxing: Promise<CodeReader> | null = null;

/** The browser's own reader where it reads all our formats, else zxing. @throws Error when zxing is needed and cannot be loaded. */
export async function codeReader(): Promise<CodeReader> {
  return (await ownReader()) ?? (await zxingReader());
}

/** null: the browser reads no codes, or not all of ours, or failed at it. */
export async function ownReader(): Promise<CodeReader | null> {
  const kind = (globalThis as { BarcodeDetector?: DetectorKind }).BarcodeDetector;
  if (kind === undefined || ownBroken) return null;
  try {
    const supported = new Set(await kind.getSupportedFormats());
    if (!CODE_FORMATS.every((format) => supported.has(format))) return null;
    const detector = new kind({ formats: CODE_FORMATS });
    return async (source) => {
      const found = await detector.detect(source);
      return found.flatMap(({ rawValue, format }) => (rawValue === "" ? [] : [{ text: rawValue, format: format as CodeFormat }]));
    };
  } catch {
    // It is announced, and its service is not installed.
    ownBroken = true;
    return null;
  }
}

/** The browser's own reader is not asked again while the page lives. */
export function giveUpOwnReader(): void {
  ownBroken = true;
}

/** Loaded once. @throws Error when it cannot be loaded; the next time is another try. */
export function zxingReader(): Promise<CodeReader> {
  if (zxing === null) {
    zxing = import("./zxing.ts").then(({ loadZxing }) => loadZxing());
    zxing.catch(() => {
      zxing = null;
    });
  }
  return zxing;
}
