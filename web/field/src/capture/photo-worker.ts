import { compressPhoto, type PhotoOutcome, type PhotoShape } from "./compress.ts";
import { offscreenEasel } from "./easel.ts";

/** One photo to compress; the answer has the same number. */
export type PhotoOrder = { number: number; file: Blob; shape: PhotoShape };
export type PhotoAnswer = { number: number; outcome: PhotoOutcome };

// The page's types know no worker: this is its own side of the channel.
const page = globalThis as unknown as Pick<Worker, "postMessage" | "addEventListener">;

page.addEventListener("message", (event) => {
  const { number, file, shape } = event.data as PhotoOrder;
  void compressPhoto(file, shape, offscreenEasel).then((outcome) => {
    const answer: PhotoAnswer = { number, outcome };
    page.postMessage(answer);
  });
});
