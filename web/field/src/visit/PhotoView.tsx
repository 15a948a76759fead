import { useEffect, useState, type ReactNode } from "react";
import { Button, Sheet } from "@metersync/parts";

import { useWork } from "../app/work.ts";
import type { Photo } from "../store/records.ts";
import { formatBytes, formatInstant } from "../words/format.ts";
import { useWords } from "../words/useWords.ts";

/** A kept photo, whole. */
export function PhotoView({ photo, onClose, onRemove }: { photo: Photo; onClose: () => void; onRemove?: () => void }): ReactNode {
  const words = useWords();
  const { database } = useWork();
  const [src, setSrc] = useState<string | null>(null);
  useEffect(() => {
    let url: string | null = null;
    let left = false;
    database.get("photo_files", photo.id).then((file) => {
      if (left || file === undefined) return;
      url = URL.createObjectURL(file.blob);
      setSrc(url);
    }, reportError);
    return () => {
      left = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [database, photo.id]);
  const facts = [photo.taken_at === null ? null : formatInstant(photo.taken_at), `${photo.width} × ${photo.height}`, formatBytes(photo.size)].filter((fact) => fact !== null);
  return (
    <Sheet
      open
      title={words("reading.photo")}
      second={facts.join(" · ")}
      onClose={onClose}
      closeLabel={words("common.close")}
      actions={onRemove === undefined ? undefined : <Button kind="outlined" icon="trash" wide onPress={onRemove}>{words("reading.remove_photo")}</Button>}
    >
      {/* The bytes may be gone from the phone 30 days after the office has them; the small picture stays. */}
      <img className="field-photo" src={src ?? photo.thumbnail} alt={photo.title} />
    </Sheet>
  );
}
