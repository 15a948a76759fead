import { useEffect, useEffectEvent } from "react";

/** Hears text that is pasted while no field of its own has the focus. */
export function usePaste(take: (text: string) => void, enabled: boolean): void {
  const onTake = useEffectEvent(take);
  useEffect(() => {
    if (!enabled) return undefined;
    const onPaste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.closest("input, textarea, dialog[open]") !== null) return;
      onTake(event.clipboardData?.getData("text/plain") ?? "");
    };
    window.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("paste", onPaste);
    };
  }, [enabled]);
}
