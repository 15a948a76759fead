import { useSyncExternalStore, type ReactNode } from "react";
import { Button, Card } from "@metersync/parts";

import { installOffer, onInstallOffer } from "../../app/install.ts";
import { useWords } from "../../words/useWords.ts";

/** The way onto the home screen, where there is one and it was not gone. */
export function Install(): ReactNode {
  const words = useWords();
  const offer = useSyncExternalStore(onInstallOffer, installOffer);
  const isInstalled = matchMedia("(display-mode: standalone)").matches;
  const isApple = /iPhone|iPad/.test(navigator.userAgent);
  if (isInstalled || (offer === null && !isApple)) return null;
  return (
    <Card label={words("more.install")}>
      <div className="ms-stack">
        <h2 className="ms-row-title">{words("more.install")}</h2>
        <p className="ms-second">{words("more.install_text")}</p>
        {offer === null ? <p className="ms-second">{words("more.install_ios")}</p> : <Button kind="tonal" size="card" icon="download" wide onPress={() => { offer.prompt().catch(reportError); }}>{words("more.install")}</Button>}
      </div>
    </Card>
  );
}
