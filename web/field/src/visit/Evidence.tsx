import { useState, type ReactNode } from "react";
import { Button, Notice, PositionTile, Sheet, SquareButton, Thumb } from "@metersync/parts";

import { positionWatch, usePosition } from "../app/here.ts";
import { distance, type PositionState } from "../capture/position.ts";
import type { Photo, Place } from "../store/records.ts";
import { formatDistance } from "../words/format.ts";
import { useWords, type Words } from "../words/useWords.ts";
import { PhotoView } from "./PhotoView.tsx";
import type { Photos } from "./usePhotos.ts";

/** Photos, camera, where the phone is, and the note, if there is one to open. */
export function Evidence({ photos, meterPlace, onNote, hasNote = false }: { photos: Photos; meterPlace: Place | null; onNote?: () => void; hasNote?: boolean }): ReactNode {
  const words = useWords();
  const position = usePosition();
  const [choosing, setChoosing] = useState(false);
  const [shown, setShown] = useState<Photo | null>(null);
  const said = sayPosition(words, position, meterPlace);
  const take = (camera: boolean) => {
    setChoosing(false);
    photos.take(camera).catch(reportError);
  };
  return (
    <>
      <div className="ms-evidence">
        {photos.photos.length === 0 ? null : (
          <div className="ms-evidence-photos">
            {photos.photos.map((photo, index) => (
              <Thumb key={photo.id} src={photo.thumbnail} label={words("reading.photo_n", { n: index + 1 })} state="waiting" onPress={() => { setShown(photo); }} />
            ))}
          </div>
        )}
        <SquareButton icon="camera" label={photos.preparing > 0 ? words("capture.photo_preparing", { n: photos.preparing }) : words("reading.take_photo")} disabled={photos.isFull} onPress={() => { setChoosing(true); }} />
        <PositionTile tone={said.tone} first={said.first} second={said.second} label={words("capture.position_retry")} onPress={() => { positionWatch()?.retry(); }} />
        {onNote === undefined ? null : <SquareButton icon="note" label={words("reading.write_note")} marked={hasNote} onPress={onNote} />}
      </div>
      <PhotoWarnings photos={photos} />
      <Sheet open={choosing} title={words("reading.photo_from")} onClose={() => { setChoosing(false); }} closeLabel={words("common.close")}>
        <div className="ms-stack">
          <Button kind="filled" icon="camera" wide onPress={() => { take(true); }}>{words("reading.from_camera")}</Button>
          <Button kind="outlined" icon="gallery" wide onPress={() => { take(false); }}>{words("reading.from_gallery")}</Button>
        </div>
      </Sheet>
      {shown === null ? null : (
        <PhotoView
          photo={shown}
          onClose={() => { setShown(null); }}
          onRemove={() => {
            setShown(null);
            photos.remove(shown).catch(reportError);
          }}
        />
      )}
    </>
  );
}

function PhotoWarnings({ photos }: { photos: Photos }): ReactNode {
  const words = useWords();
  const { trouble, room } = photos;
  if (trouble?.kind === "refused") return <Notice tone="error" icon="photo" title={words(`capture.photo_${trouble.code}`)} live />;
  if (trouble?.kind === "full" || room?.state === "none") return <Notice tone="attention" icon="photo" title={words("capture.space_none")} live />;
  if (room?.state === "few" && room.about !== null) return <p className="ms-second ms-num">{words("capture.space_few", { n: room.about })}</p>;
  return null;
}

/** "± 6 m, at the meter": how sure the position is, and how far from where the meter should be. */
export function sayPosition(words: Words, position: PositionState, meterPlace: Place | null): { tone: "safe" | "attention" | "neutral"; first: string; second: string } {
  if (!("position" in position)) {
    return { tone: position.state === "searching" ? "neutral" : "attention", first: words(`capture.position_${position.state}`), second: position.state === "searching" || position.state === "off" ? "" : words("reading.tap_retry") };
  }
  const accuracy = Math.round(position.position.accuracy_m);
  if (position.state === "weak") return { tone: "attention", first: words("capture.position_found", { n: accuracy }), second: words("reading.tap_retry") };
  const first = words("capture.position_found", { n: accuracy });
  if (meterPlace === null) return { tone: "safe", first, second: words("reading.position_kept") };
  const away = distance(position.position, meterPlace);
  const isThere = away <= Math.max(50, 2 * accuracy);
  return { tone: isThere ? "safe" : "attention", first, second: isThere ? words("reading.at_the_meter") : words("reading.from_the_meter", { distance: formatDistance(away) }) };
}
