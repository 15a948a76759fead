import { useId, type HTMLInputAutoCompleteAttribute, type ReactNode, type Ref } from "react";
import { Icon } from "./icons.tsx";

/** A labelled field. `error` says what is wrong and how to mend it, and takes the place of `hint`. */
export type TextFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  multiline?: boolean | undefined;
  error?: string | undefined;
  hint?: string | undefined;
  inputMode?: "text" | "numeric" | "decimal" | "search" | "email" | "tel" | "none" | undefined;
  type?: "text" | "password" | "email" | "search" | "tel" | "datetime-local" | "date" | "time" | undefined;
  autoComplete?: HTMLInputAutoCompleteAttribute | undefined;
  required?: boolean | undefined;
  maxLength?: number | undefined;
  disabled?: boolean | undefined;
  name?: string | undefined;
  /** The label is only read out, where a title beside it says the same. */
  labelHidden?: boolean | undefined;
  inputRef?: Ref<HTMLInputElement> | undefined;
};

export function TextField(props: TextFieldProps): ReactNode {
  const { label, value, onChange, multiline = false, error, hint, inputMode, type = "text", autoComplete, required, maxLength, disabled, name, labelHidden = false } = props;
  const id = useId();
  const note = `${id}-note`;
  const described = error !== undefined || hint !== undefined;
  const shared = {
    id,
    className: "ms-field-input",
    value,
    inputMode,
    autoComplete,
    required,
    maxLength,
    disabled,
    name,
    "aria-invalid": error === undefined ? undefined : true,
    "aria-describedby": described ? note : undefined,
    onChange: (event: { target: { value: string } }) => {
      onChange(event.target.value);
    },
  };
  return (
    <div className="ms-field">
      <label className={labelHidden ? "ms-hidden" : "ms-field-label"} htmlFor={id}>
        {label}
      </label>
      {multiline ? <textarea {...shared} rows={2} /> : <input {...shared} type={type} ref={props.inputRef} />}
      {error !== undefined ? (
        <p className="ms-field-error" id={note}>
          <Icon name="warning" size={18} />
          <span>{error}</span>
        </p>
      ) : hint !== undefined ? (
        <p className="ms-field-hint" id={note}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}
