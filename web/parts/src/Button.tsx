import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/**
 * One `filled` a view. `size` "field" is 56 px high, "card" 48. `busy` keeps the words, shows that it works and takes no presses.
 * A disabled button says in its text why. `label` replaces the name for screen readers where the text alone does not say it.
 */
export type ButtonProps = {
  kind: "filled" | "tonal" | "outlined" | "text";
  size?: "field" | "card" | undefined;
  icon?: IconName | undefined;
  busy?: boolean | undefined;
  disabled?: boolean | undefined;
  onPress?: (() => void) | undefined;
  /** Without words it is square, and `label` is its name. */
  children?: ReactNode;
  type?: "button" | "submit" | undefined;
  label?: string | undefined;
  /** Over the whole width. */
  wide?: boolean | undefined;
};

export function Button({ kind, size = "field", icon, busy = false, disabled = false, onPress, children, type = "button", label, wide = false }: ButtonProps): ReactNode {
  return (
    <button
      type={type}
      className={wide ? "ms-button ms-button-wide" : "ms-button"}
      data-kind={kind}
      data-size={size}
      disabled={disabled}
      data-bare={children === undefined ? "" : undefined}
      aria-busy={busy}
      aria-disabled={busy}
      aria-label={label}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onPress?.();
      }}
    >
      {busy ? <span className="ms-busy" aria-hidden="true" /> : icon === undefined ? null : <Icon name={icon} size={size === "card" ? 20 : 22} />}
      {children === undefined ? null : <span>{children}</span>}
    </button>
  );
}
