import { useEffect, useRef, type ReactNode } from "react";
import { Icon } from "./icons.tsx";

/** A key's sign: a digit, or "." where the keypad has a point. */
export type KeypadKey = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | ".";

/**
 * 3 x 4 keys that answer when touched, not when let go. Left below: skip, or "." with `point`; neither without `onSkip`. Right below:
 * delete one; held for half a second, it clears. `label` names the group.
 */
export type KeypadProps = {
  onDigit: (key: KeypadKey) => void;
  onDelete: () => void;
  onClear: () => void;
  onSkip?: (() => void) | undefined;
  skipLabel?: string | undefined;
  deleteLabel: string;
  clearLabel?: string | undefined;
  label?: string | undefined;
  point?: boolean | undefined;
  disabled?: boolean | undefined;
};

const ROWS: readonly KeypadKey[] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const HOLD_MS = 500;

type KeyProps = {
  onTouch: () => void;
  onLetGo?: (() => void) | undefined;
  quiet?: boolean | undefined;
  label?: string | undefined;
  disabled: boolean;
  children: ReactNode;
};

/** Answers to pointerdown; the click that follows it is the same press, a click that comes alone is a keyboard's or a screen reader's. */
function Key({ onTouch, onLetGo, quiet = false, label, disabled, children }: KeyProps): ReactNode {
  const touched = useRef(false);
  return (
    <button
      type="button"
      className="ms-key"
      data-quiet={quiet ? "" : undefined}
      aria-label={label}
      disabled={disabled}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        touched.current = true;
        onTouch();
      }}
      onPointerUp={onLetGo}
      onPointerCancel={() => {
        touched.current = false;
        onLetGo?.();
      }}
      onPointerLeave={onLetGo}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onClick={(event) => {
        // detail 0: made by a key or by assistive technology, whatever was touched and slid off before.
        if (event.detail === 0 || !touched.current) onTouch();
        touched.current = false;
        onLetGo?.();
      }}
    >
      {children}
    </button>
  );
}

export function Keypad(props: KeypadProps): ReactNode {
  const { onDigit, onDelete, onClear, onSkip, skipLabel = "", deleteLabel, clearLabel, label, point = false, disabled = false } = props;
  const holding = useRef<ReturnType<typeof setTimeout> | null>(null);
  const letGo = () => {
    if (holding.current !== null) clearTimeout(holding.current);
    holding.current = null;
  };
  useEffect(() => letGo, []);

  const digit = (key: KeypadKey) => (
    <Key
      key={key}
      disabled={disabled}
      onTouch={() => {
        onDigit(key);
      }}
    >
      {key}
    </Key>
  );

  return (
    <div className="ms-keypad" role="group" aria-label={label}>
      {ROWS.map(digit)}
      {point ? (
        digit(".")
      ) : onSkip === undefined ? (
        <span />
      ) : (
        <button
          type="button"
          className="ms-key"
          data-quiet=""
          onClick={() => {
            onSkip();
          }}
        >
          <Icon name="skip" size={22} />
          <span>{skipLabel}</span>
        </button>
      )}
      {digit("0")}
      <Key
        quiet
        disabled={disabled}
        label={clearLabel === undefined ? deleteLabel : `${deleteLabel}. ${clearLabel}`}
        onTouch={() => {
          letGo();
          onDelete();
          holding.current = setTimeout(onClear, HOLD_MS);
        }}
        onLetGo={letGo}
      >
        <Icon name="backspace" size={28} />
      </Key>
    </div>
  );
}
