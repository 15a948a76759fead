import { createHash } from "node:crypto";

import { refusal, type Asked } from "./office.ts";

export type Upload = { bytes: Uint8Array; length: number; sha256: string };

/** tus 1.0 as the office speaks it: what arrives before a break is kept, and the whole has to have its hash. */
export function takeUpload(upload: Upload, { method, headers, body }: Asked): Response {
  if (headers.get("tus-resumable") !== "1.0.0") return refusal(412, "upload.unsupported_version");
  if (method === "HEAD") return new Response(null, { status: 200, headers: standing(upload) });
  if (method !== "PATCH") return refusal(405, "request.method_not_allowed");
  if (headers.get("upload-offset") !== String(upload.bytes.length)) return refusal(409, "upload.offset_mismatch");
  upload.bytes = Buffer.concat([upload.bytes, body]);
  if (upload.bytes.length >= upload.length && createHash("sha256").update(upload.bytes).digest("hex") !== upload.sha256) {
    upload.bytes = new Uint8Array();
    return refusal(460, "upload.hash_mismatch");
  }
  return new Response(null, { status: 204, headers: standing(upload) });
}

function standing(upload: Upload): Record<string, string> {
  return { "upload-offset": String(upload.bytes.length), "upload-length": String(upload.length), "tus-resumable": "1.0.0" };
}
