import { useEffect, useRef } from "react";
import type { KeypadKey } from "./Keypad.tsx";

/** What a physical keyboard does: digits, "." or ",", Backspace, Delete (clears), Enter. */
export type KeypadKeys = {
  onDigit: (key: KeypadKey) => void;
  onDelete: () => void;
  onClear: () => void;
  onEnter?: (() => void) | undefined;
};

/** Whether this key belongs to what has the focus: a text field, a control that Enter presses, an open dialog. */
function isTaken(event: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("input, textarea, select")) return true;
  return event.key === "Enter" && target.matches("button, a");
}

/** Lets a physical keyboard type into the screen's counter while `enabled`, as long as no field or dialog wants the keys. */
export function useKeypadKeys(keys: KeypadKeys, enabled = true): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTaken(event)) return;
      const { onDigit, onDelete, onClear, onEnter } = latest.current;
      if (/^\d$/.test(event.key)) onDigit(event.key as KeypadKey);
      else if (event.key === "." || event.key === ",") onDigit(".");
      else if (event.key === "Backspace") onDelete();
      else if (event.key === "Delete") onClear();
      else if (event.key === "Enter" && onEnter !== undefined) onEnter();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
    };
  }, [enabled]);
}
