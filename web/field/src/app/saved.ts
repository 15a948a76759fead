/** A visit that was just saved, for the toast that can take it back. */
export type Saved = { visit_id: string; text: string; onUndone?: () => void };

const listeners = new Set<(saved: Saved) => void>();

export function tellSaved(saved: Saved): void {
  for (const listener of listeners) listener(saved);
}

export function onSaved(listener: (saved: Saved) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
