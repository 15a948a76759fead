import { useEffect, useState, type ReactNode } from "react";
import { Button, Notice } from "@metersync/parts";

import { useStatus, useWork } from "../../app/work.ts";
import type { Meter, Photo, Register } from "../../store/records.ts";
import { askForReading, type PhotoReading } from "../../visit/extract.ts";
import type { Photos } from "../../visit/usePhotos.ts";
import { formatCounter, formatNumber } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";

type Props = { photos: Photos; meter: Meter; register: Register; onUse: (value: string) => boolean };

/** What the server reads in the newest photo, where it can and there is network: offered, never forced, and quietly absent else. */
export function PhotoOffer({ photos, meter, register, onUse }: Props): ReactNode {
  const words = useWords();
  const { client, database } = useWork();
  const status = useStatus();
  const newest = photos.photos.at(-1) ?? null;
  const [offer, setOffer] = useState<{ photo: Photo; reading: PhotoReading } | null>(null);
  const isOffline = status?.kind === "offline" || status?.kind === "signed_out";
  useEffect(() => {
    if (newest === null || isOffline) return undefined;
    const stop = new AbortController();
    askForReading(client, database, newest, meter, register, stop.signal).then(
      (reading) => {
        if (reading !== null) setOffer({ photo: newest, reading });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) reportError(error);
      },
    );
    return () => {
      stop.abort();
    };
  }, [newest, isOffline, client, database, meter, register]);

  if (offer === null || offer.photo.id !== newest?.id) return null;
  const { value, confidence } = offer.reading;
  const dismiss = () => {
    setOffer(null);
  };
  if (value === null) return <Notice tone="neutral" icon="photo" title={words("reading.offer_unreadable")} live />;
  const shown = formatCounter(value, register.digits, register.decimals);
  return (
    <Notice
      tone="neutral"
      icon="photo"
      title={words("reading.offer_title", { value: shown })}
      live
      actions={
        <>
          <Button kind="tonal" size="card" onPress={() => { if (onUse(value)) dismiss(); }}>{words("reading.offer_use", { value: shown })}</Button>
          <Button kind="outlined" size="card" onPress={dismiss}>{words("reading.offer_type")}</Button>
        </>
      }
    >
      {confidence === null ? null : words("reading.offer_sure", { percent: `${formatNumber(confidence * 100, 0)} %` })}
    </Notice>
  );
}
