import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** Camera or note of the evidence strip, 56 px. `marked`: there is something in it already, which `label` says too. */
export type SquareButtonProps = { icon: IconName; label: string; onPress: () => void; marked?: boolean | undefined; disabled?: boolean | undefined };

export function SquareButton({ icon, label, onPress, marked = false, disabled }: SquareButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="ms-square"
      aria-label={label}
      disabled={disabled}
      onClick={() => {
        onPress();
      }}
    >
      <Icon name={icon} size={26} />
      {marked ? (
        <span className="ms-square-mark">
          <Icon name="check" size={14} />
        </span>
      ) : null}
    </button>
  );
}
