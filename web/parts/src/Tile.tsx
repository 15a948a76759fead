import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** A big choice, such as a reason to skip; stands in a grid of class `ms-tiles`. */
export type TileProps = { icon: IconName; label: string; chosen: boolean; onPress: () => void };

export function Tile({ icon, label, chosen, onPress }: TileProps): ReactNode {
  return (
    <button
      type="button"
      className="ms-tile"
      aria-pressed={chosen}
      onClick={() => {
        onPress();
      }}
    >
      <Icon name={icon} size={28} />
      <span>{label}</span>
      {chosen ? (
        <span className="ms-tile-check">
          <Icon name="check" size={18} />
        </span>
      ) : null}
    </button>
  );
}
