import type { MouseEvent } from "react";

/** A plain press on a link is the app's; with a key held or another button it stays the browser's (new tab, copy). */
export function pressed(event: MouseEvent, onPress: (() => void) | undefined): void {
  if (onPress === undefined || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  onPress();
}
