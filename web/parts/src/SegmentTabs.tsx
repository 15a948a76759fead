import { useRef, type KeyboardEvent, type ReactNode } from "react";

/** One of a few, chosen at once. Arrow keys move the choice; one stop of the tab key. */
export type SegmentTabsProps<Id extends string> = {
  items: readonly { id: Id; label: string }[];
  chosen: Id;
  onChoose: (id: Id) => void;
  label: string;
};

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function SegmentTabs<Id extends string>({ items, chosen, onChoose, label }: SegmentTabsProps<Id>): ReactNode {
  const group = useRef<HTMLDivElement>(null);
  const at = items.findIndex((item) => item.id === chosen);
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    const to = (at + step + items.length) % items.length;
    const item = items[to];
    if (item === undefined) return;
    event.preventDefault();
    onChoose(item.id);
    group.current?.querySelectorAll<HTMLElement>("[role=radio]")[to]?.focus();
  };
  return (
    <div className="ms-tabs" role="radiogroup" aria-label={label} ref={group} onKeyDown={move}>
      {items.map((item, i) => (
        <button
          key={item.id}
          type="button"
          role="radio"
          aria-checked={item.id === chosen}
          tabIndex={item.id === chosen || (at < 0 && i === 0) ? 0 : -1}
          onClick={() => {
            onChoose(item.id);
          }}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}
