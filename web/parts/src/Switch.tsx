import { useId, type ReactNode } from "react";

/** On or off, at once; the whole row is pressed. */
export type SwitchProps = { label: string; second?: ReactNode; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean | undefined };

export function Switch({ label, second, checked, onChange, disabled }: SwitchProps): ReactNode {
  const id = useId();
  return (
    <button
      type="button"
      className="ms-switch"
      role="switch"
      aria-checked={checked}
      aria-labelledby={`${id}-label`}
      aria-describedby={second === undefined ? undefined : `${id}-second`}
      disabled={disabled}
      onClick={() => {
        onChange(!checked);
      }}
    >
      <span className="ms-switch-words">
        <span className="ms-list-title" id={`${id}-label`}>
          {label}
        </span>
        {second === undefined ? null : (
          <span className="ms-list-second" id={`${id}-second`}>
            {second}
          </span>
        )}
      </span>
      <span className="ms-switch-track" />
    </button>
  );
}
