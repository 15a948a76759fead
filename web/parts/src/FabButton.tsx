import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** The one floating button of a screen, 64 px; place it with `ms-screen-float`. */
export type FabButtonProps = { icon: IconName; label: string; onPress: () => void };

export function FabButton({ icon, label, onPress }: FabButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="ms-fab"
      aria-label={label}
      onClick={() => {
        onPress();
      }}
    >
      <Icon name={icon} size={28} />
    </button>
  );
}
