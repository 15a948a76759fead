import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** A photo of the evidence strip. `label` says what it shows and how far it has come ("Photo 1, waiting"); the state stands in its corner. */
export type ThumbProps = { src: string; label: string; state: "waiting" | "sending" | "safe" | "refused"; onPress: () => void };

const ICONS = { waiting: "clock", sending: "cloud-up", safe: "cloud-check", refused: "cross" } as const satisfies Record<ThumbProps["state"], IconName>;

export function Thumb({ src, label, state, onPress }: ThumbProps): ReactNode {
  return (
    <button
      type="button"
      className="ms-thumb"
      data-state={state}
      aria-label={label}
      onClick={() => {
        onPress();
      }}
    >
      <img src={src} alt="" draggable={false} />
      <span className="ms-thumb-state">
        <Icon name={ICONS[state]} size={16} />
      </span>
    </button>
  );
}
