import { useEffect, useRef, useState, type ReactNode } from "react";

/** For "done" only, with Undo; never for errors. After `seconds` it asks to be taken away by `onGone`, not while touched or focused. */
export type ToastProps = { text: string; action?: { label: string; onPress: () => void } | undefined; onGone: () => void; seconds: number };

export function Toast({ text, action, onGone, seconds }: ToastProps): ReactNode {
  const [held, setHeld] = useState(false);
  const gone = useRef(onGone);
  useEffect(() => {
    gone.current = onGone;
  });
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => {
      gone.current();
    }, seconds * 1000);
    return () => {
      clearTimeout(timer);
    };
  }, [held, seconds, text]);
  const hold = () => {
    setHeld(true);
  };
  const release = () => {
    setHeld(false);
  };
  return (
    <div className="ms-toast" role="status" onPointerEnter={hold} onPointerLeave={release} onPointerCancel={release} onFocus={hold} onBlur={release}>
      <span>{text}</span>
      {action === undefined ? null : (
        <button
          type="button"
          onClick={() => {
            action.onPress();
          }}
        >
          {action.label}
        </button>
      )}
    </div>
  );
}
