import type { PhotoCode, PhotoOutcome, PhotoShape, PreparedPhoto } from "./compress.ts";
import type { PhotoAnswer, PhotoOrder } from "./photo-worker.ts";

export type { PhotoCode, PhotoShape, PreparedPhoto } from "./compress.ts";

/** Why a file is not taken as a photo. The message is for logs; people are told by `capture.photo_<code>`. */
export class PhotoRefused extends Error {
  readonly code: PhotoCode;

  constructor(code: PhotoCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = "PhotoRefused";
    this.code = code;
  }
}

const SHAPE: PhotoShape = { longestSide: 2048, quality: 0.8 };
// Twenty times what the slowest phones take: beyond it the worker died without a word, as it does without memory.
const LONGEST_MS = 60_000;

let last: Promise<unknown> = Promise.resolve();
let worker: Worker | null = null;
let workerFails = false;
let orders = 0;

/**
 * Makes of a camera's or gallery's file the photo that is kept and sent: its EXIF time and position are read first and written into the
 * compressed JPEG again, since the server reads them from its bytes. Photos wait for each other, so that one bitmap at a time is held.
 * @param options Other than 2048 px and quality 0.8.
 * @throws PhotoRefused
 */
export function preparePhoto(file: Blob, options: Partial<PhotoShape> = {}): Promise<PreparedPhoto> {
  const mine = last.then(() => prepare(file, { ...SHAPE, ...options }));
  last = mine.catch(() => undefined);
  return mine;
}

async function prepare(file: Blob, shape: PhotoShape): Promise<PreparedPhoto> {
  let outcome = canDrawInWorkers() ? await inWorker(file, shape) : null;
  // What bitmaps cannot open, <img> may: HEIC in some browsers.
  if (outcome === null || ("refused" in outcome && outcome.refused === "decode_failed")) outcome = await inPage(file, shape);
  if ("refused" in outcome) throw new PhotoRefused(outcome.refused, outcome.detail);
  return outcome.photo;
}

function canDrawInWorkers(): boolean {
  return !workerFails && typeof Worker !== "undefined" && typeof OffscreenCanvas !== "undefined" && "convertToBlob" in OffscreenCanvas.prototype && typeof createImageBitmap !== "undefined";
}

async function inPage(file: Blob, shape: PhotoShape): Promise<PhotoOutcome> {
  const [{ compressPhoto }, { pageEasel }] = await Promise.all([import("./compress.ts"), import("./easel.ts")]);
  return compressPhoto(file, shape, pageEasel);
}

/** null: the worker could not be started here, and will not be tried again. */
function inWorker(file: Blob, shape: PhotoShape): Promise<PhotoOutcome | null> {
  worker ??= new Worker(new URL("./photo-worker.ts", import.meta.url), { type: "module" });
  const asked = worker;
  const order: PhotoOrder = { number: ++orders, file, shape };
  return new Promise((resolve) => {
    const settle = (outcome: PhotoOutcome | null, dead: boolean) => {
      clearTimeout(limit);
      asked.removeEventListener("message", onAnswer);
      asked.removeEventListener("error", onFailure);
      asked.removeEventListener("messageerror", onFailure);
      if (dead) {
        asked.terminate();
        worker = null;
      }
      resolve(outcome);
    };
    const onAnswer = (event: MessageEvent) => {
      const { number, outcome } = event.data as PhotoAnswer;
      if (number === order.number) settle(outcome, false);
    };
    const onFailure = () => {
      workerFails = true;
      settle(null, true);
    };
    const limit = setTimeout(() => {
      settle({ refused: "no_memory", detail: `No answer of the worker in ${LONGEST_MS} ms.` }, true);
    }, LONGEST_MS);
    asked.addEventListener("message", onAnswer);
    asked.addEventListener("error", onFailure);
    asked.addEventListener("messageerror", onFailure);
    asked.postMessage(order);
  });
}
