import { useEffect, useState, type ReactNode } from "react";
import { Toast } from "@metersync/parts";
import { useLocation } from "wouter";

import { registerWorker } from "../worker/register.ts";
import { useWords } from "../words/useWords.ts";

/** Installs the service worker, and offers a new version where nothing is being typed. */
export function UpdateNotice(): ReactNode {
  const words = useWords();
  const [path] = useLocation();
  const [takeOver, setTakeOver] = useState<(() => void) | null>(null);
  useEffect(() => {
    registerWorker({
      onUpdate: (now) => {
        setTakeOver(() => now);
      },
    }).catch(reportError);
  }, []);
  const isTyping = /^\/(meter|found|visit|sign-in)/.test(path);
  if (takeOver === null || isTyping) return null;
  return <Toast text={words("app.update_ready")} action={{ label: words("app.update_now"), onPress: takeOver }} seconds={3600} onGone={() => { setTakeOver(null); }} />;
}
