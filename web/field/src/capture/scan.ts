import { hasTorch, openCamera, ScanError } from "./camera.ts";
import { codeReader, giveUpOwnReader, ownReader, zxingReader } from "./code-reader.ts";
import { withoutParts, type CodeFormat, type CodeReader, type ScannedCode } from "./codes.ts";
import { Sightings } from "./sightings.ts";

export { ScanError, type ScanCode } from "./camera.ts";
export { CODE_FORMATS, type CodeFormat, type ScannedCode } from "./codes.ts";
export { matchSerial, type SerialMatch } from "./match-serial.ts";

/** A camera that reads codes until `stop`. */
export type Scanner = {
  /** Whether there is a lamp to switch. */
  readonly hasTorch: boolean;
  /** Rejects where there is no lamp or the camera refuses. */
  setTorch: (on: boolean) => Promise<void>;
  /** Lets go of the camera; may be called again. */
  stop: () => void;
};

/** `onEnd`: the camera was taken away or the reader broke; the scanner has stopped. */
export type ScannerOptions = { onEnd?: (error: ScanError) => void };

const FRAME_MS = 125;
// Between two frames the page must be able to draw and answer, however long a frame takes.
const REST_MS = 40;

/**
 * Shows the camera in `video` and reads codes, about eight frames a second. Each code is told once while it stays in view.
 * @throws ScanError
 */
export async function openScanner(video: HTMLVideoElement, onCode: (text: string, format: CodeFormat) => void, options: ScannerOptions = {}): Promise<Scanner> {
  const devices = (globalThis.navigator as { mediaDevices?: MediaDevices }).mediaDevices;
  // Both at once: the person answers the browser's question while the reader loads. The reader's failure is met below.
  const loading = codeReader();
  loading.catch(() => undefined);
  const stream = await openCamera(devices);
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
    if (video.srcObject === stream) video.srcObject = null;
  };
  try {
    const reader = await loading.catch((error: unknown) => {
      throw new ScanError("unsupported", error);
    });
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    return readFrames({ video, stream, reader, release, onCode, options });
  } catch (error) {
    release();
    throw error instanceof ScanError ? error : new ScanError("in_use", error);
  }
}

type Session = {
  video: HTMLVideoElement;
  stream: MediaStream;
  reader: CodeReader;
  release: () => void;
  onCode: (text: string, format: CodeFormat) => void;
  options: ScannerOptions;
};

function readFrames(session: Session): Scanner {
  const { video, stream, release, onCode, options } = session;
  const sightings = new Sightings();
  const track = stream.getVideoTracks()[0];
  const torch = track !== undefined && hasTorch(track);
  let reader = session.reader;
  let mended = false;
  let running = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    running = false;
    clearTimeout(timer);
    track?.removeEventListener("ended", onTrackEnd);
    release();
  };
  const end = (error: ScanError) => {
    if (!running) return;
    stop();
    options.onEnd?.(error);
  };
  // Only when it was taken away: `stop` of a track fires nothing.
  const onTrackEnd = () => {
    end(new ScanError("in_use", "The camera was taken away."));
  };
  track?.addEventListener("ended", onTrackEnd);

  const readOne = async (): Promise<readonly ScannedCode[]> => {
    try {
      return await reader(video, false);
    } catch (error) {
      // The browser's own reader may be there and not work (its service is missing): zxing takes over, once.
      if (mended) throw error;
      mended = true;
      giveUpOwnReader();
      reader = await zxingReader();
      return [];
    }
  };
  const frame = async () => {
    const begun = performance.now();
    try {
      const codes = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await readOne() : [];
      for (const { text, format } of sightings.add(codes, performance.now())) if (isRunning()) onCode(text, format);
    } catch (error) {
      end(new ScanError("unsupported", error));
    }
    if (isRunning()) next(Math.max(REST_MS, FRAME_MS - (performance.now() - begun)));
  };
  const isRunning = () => running;
  const next = (after: number) => {
    timer = setTimeout(() => void frame(), after);
  };
  next(0);

  return {
    hasTorch: torch,
    setTorch: async (on) => {
      if (!torch) throw new Error("The camera has no lamp.");
      const lamp: MediaTrackConstraintSet & { torch: boolean } = { torch: on };
      await track.applyConstraints({ advanced: [lamp] });
    },
    stop,
  };
}

/**
 * Reads the codes of a still picture, for when the camera is refused: all it finds, none where there is none.
 * @throws ScanError unreadable, unsupported
 */
export async function scanImage(picture: Blob): Promise<readonly ScannedCode[]> {
  const bitmap = await createImageBitmap(picture, { imageOrientation: "from-image" }).catch((error: unknown) => {
    throw new ScanError("unreadable", error);
  });
  try {
    const own = await ownReader();
    const codes = own === null ? [] : await own(bitmap, true).catch(leaveItToZxing);
    // What the browser's own reader misses, zxing may find in a longer look.
    return withoutParts(codes.length > 0 ? codes : await (await zxingReader())(bitmap, true));
  } catch (error) {
    throw new ScanError("unsupported", error);
  } finally {
    bitmap.close();
  }
}

function leaveItToZxing(): readonly ScannedCode[] {
  giveUpOwnReader();
  return [];
}
