import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** A state: icon and word, so that the colour is never alone. */
export type ChipProps = { tone: "safe" | "attention" | "error" | "neutral" | "primary"; icon: IconName; children: ReactNode };

export function Chip({ tone, icon, children }: ChipProps): ReactNode {
  return (
    <span className="ms-chip" data-tone={tone}>
      <Icon name={icon} size={16} />
      <span>{children}</span>
    </span>
  );
}
