import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** `badge` is shown as it is; `label` has to say what it means. `pressed` makes it a toggle. */
export type IconButtonProps = {
  icon: IconName;
  label: string;
  onPress: () => void;
  badge?: string | number | undefined;
  pressed?: boolean | undefined;
};

export function IconButton({ icon, label, onPress, badge, pressed }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="ms-icon-button"
      aria-label={label}
      aria-pressed={pressed}
      onClick={() => {
        onPress();
      }}
    >
      <Icon name={icon} />
      {badge === undefined ? null : (
        <span className="ms-badge" aria-hidden="true">
          {badge}
        </span>
      )}
    </button>
  );
}
