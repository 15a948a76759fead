import { useEffect, useEffectEvent } from "react";

import { readPhone } from "../store/phone.ts";
import type { Work } from "./work.ts";

const LOOK_EVERY_MS = 15_000;

/** Asks for the PIN again when nobody touched the app for the minutes that the office set, in sight or not. Without a PIN, never. */
export function useAwayLock(work: Work, lock: () => void): void {
  const onLock = useEffectEvent(lock);
  useEffect(() => {
    let touchedAt = Date.now();
    const look = () => {
      const away = Date.now() - touchedAt;
      // A clock set back says nothing about how long it was: then it locks as well.
      if (away >= 0 && away < work.settings.lock_minutes * 60_000) return;
      readPhone(work.phone, "pin").then((pin) => {
        if (pin?.user_id === work.user.id) onLock();
      }, reportError);
    };
    const onTouch = () => {
      touchedAt = Date.now();
    };
    const onChange = () => {
      if (document.visibilityState === "visible") look();
    };
    const each = setInterval(look, LOOK_EVERY_MS);
    document.addEventListener("visibilitychange", onChange);
    document.addEventListener("pointerdown", onTouch, { capture: true, passive: true });
    document.addEventListener("keydown", onTouch, { capture: true });
    return () => {
      clearInterval(each);
      document.removeEventListener("visibilitychange", onChange);
      document.removeEventListener("pointerdown", onTouch, { capture: true });
      document.removeEventListener("keydown", onTouch, { capture: true });
    };
  }, [work]);
}
