import { useEffect, useState, type ReactNode } from "react";
import { Button, Card } from "@metersync/parts";

import { askPersistence, readSpace, roomForPhotos, TYPICAL_PHOTO_BYTES, type Space } from "../../capture/storage.ts";
import { formatBytes } from "../../words/format.ts";
import { useWords } from "../../words/useWords.ts";

/** How much is used, what fits still, and whether the browser keeps it. */
export function Storage(): ReactNode {
  const words = useWords();
  const [space, setSpace] = useState<Space | null>(null);
  useEffect(() => {
    readSpace().then(setSpace, reportError);
  }, []);
  if (space === null) return null;
  const room = roomForPhotos(space, TYPICAL_PHOTO_BYTES);
  const persist = async () => {
    await askPersistence();
    setSpace(await readSpace());
  };
  return (
    <Card label={words("more.storage")}>
      <div className="ms-stack">
        <h2 className="ms-row-title">{words("more.storage")}</h2>
        <p className="ms-second ms-num">{space.quota === null ? words("more.storage_used_only", { used: formatBytes(space.used) }) : words("more.storage_used", { used: formatBytes(space.used), quota: formatBytes(space.quota) })}</p>
        {room.about === null ? null : <p className="ms-second ms-num">{room.state === "none" ? words("more.storage_none") : words("more.storage_room", { n: room.about })}</p>}
        <p className="ms-second">{words(space.persisted ? "more.persisted" : "more.not_persisted")}</p>
        {space.persisted ? null : <Button kind="tonal" size="card" icon="shield" wide onPress={() => { persist().catch(reportError); }}>{words("more.persist")}</Button>}
      </div>
    </Card>
  );
}
