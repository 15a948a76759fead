import type { ReactNode } from "react";
import { Icon } from "./icons.tsx";

/** The position in the evidence strip: `first` the accuracy ("± 6 m"), `second` where that is; a press tries again. `attention`: wide or missing. */
export type PositionTileProps = { tone: "safe" | "attention" | "neutral"; first: string; second: string; onPress: () => void; label: string };

export function PositionTile({ tone, first, second, onPress, label }: PositionTileProps): ReactNode {
  return (
    <button
      type="button"
      className="ms-position"
      data-tone={tone}
      onClick={() => {
        onPress();
      }}
    >
      <Icon name={tone === "attention" ? "warning" : "locate"} size={22} />
      <span>
        <span className="ms-position-first">{first}</span>
        <span className="ms-position-second">{second}</span>
        <span className="ms-hidden">{label}</span>
      </span>
    </button>
  );
}
