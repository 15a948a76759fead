/**
 * no_camera: the phone has none. refused: the person or the browser does not allow it. in_use: another app has it, or took it away.
 * unsupported: this browser, or a page without TLS, has no camera access, or no reader could be loaded. unreadable: the picture cannot be opened.
 */
export type ScanCode = "no_camera" | "refused" | "in_use" | "unsupported" | "unreadable";

/** Why nothing can be scanned. The message is for logs; people are told by `capture.scan_<code>`. */
export class ScanError extends Error {
  readonly code: ScanCode;

  constructor(code: ScanCode, cause: unknown) {
    super(`${code}: ${cause instanceof Error ? `${cause.name}, ${cause.message}` : String(cause)}`, { cause });
    this.name = "ScanError";
    this.code = code;
  }
}

const CODES: Readonly<Record<string, ScanCode>> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "no_camera",
  OverconstrainedError: "no_camera",
  NotReadableError: "in_use",
  AbortError: "in_use",
};

/** Opens the camera at the back, or the only one. @throws ScanError */
export async function openCamera(devices: Pick<MediaDevices, "getUserMedia"> | undefined): Promise<MediaStream> {
  if (devices === undefined) throw new ScanError("unsupported", "The browser has no mediaDevices.");
  try {
    return await devices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } });
  } catch (error) {
    throw new ScanError((error instanceof Error ? CODES[error.name] : undefined) ?? "unsupported", error);
  }
}

/** Whether the track's lamp can be switched. */
export function hasTorch(track: MediaStreamTrack): boolean {
  // Safari before 17 has no capabilities at all, and no lamp either.
  const capabilities = (track as Partial<MediaStreamTrack>).getCapabilities?.call(track) as { torch?: unknown } | undefined;
  return capabilities?.torch === true || (Array.isArray(capabilities?.torch) && capabilities.torch.includes(true));
}
