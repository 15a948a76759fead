import { useId, type ReactNode } from "react";
import { Icon } from "./icons.tsx";

/** `lang` of an option is the language its words are in, where that is not the page's. */
export type ChoiceOption<Value extends string> = { value: Value; label: string; lang?: string | undefined };

/** One of many, by the phone's own list. */
export type ChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly ChoiceOption<Value>[];
  onChange: (value: Value) => void;
  hint?: string | undefined;
  disabled?: boolean | undefined;
};

export function Choice<Value extends string>({ label, value, options, onChange, hint, disabled }: ChoiceProps<Value>): ReactNode {
  const id = useId();
  return (
    <div className="ms-field">
      <label className="ms-field-label" htmlFor={id}>
        {label}
      </label>
      <div className="ms-choice">
        <select
          id={id}
          className="ms-field-input"
          value={value}
          disabled={disabled}
          aria-describedby={hint === undefined ? undefined : `${id}-note`}
          onChange={(event) => {
            const chosen = options[event.target.selectedIndex];
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} lang={option.lang}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="chevron-down" size={20} />
      </div>
      {hint === undefined ? null : (
        <p className="ms-field-hint" id={`${id}-note`}>
          {hint}
        </p>
      )}
    </div>
  );
}
