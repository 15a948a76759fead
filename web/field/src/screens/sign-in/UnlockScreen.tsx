import { useEffect, useState, type ReactNode } from "react";
import { Button, Keypad, Notice, TopBar, useKeypadKeys } from "@metersync/parts";

import type { Phone } from "../../app/work.ts";
import { checkPin, PIN_LENGTH } from "../../store/pin.ts";
import type { User } from "../../store/records.ts";
import { useWords } from "../../words/useWords.ts";

type Props = { ground: Phone; user: User; onDone: () => void; onForgotten: () => void };

export function UnlockScreen({ ground, user, onDone, onForgotten }: Props): ReactNode {
  const words = useWords();
  const [typed, setTyped] = useState("");
  const [state, setState] = useState<{ kind: "asking" } | { kind: "wrong" } | { kind: "wait"; until: number }>({ kind: "asking" });
  const [checking, setChecking] = useState(false);
  const left = useSecondsUntil(state.kind === "wait" ? state.until : null);

  const check = async (pin: string) => {
    setChecking(true);
    const answer = await checkPin(ground.phone, user.id, pin);
    setChecking(false);
    setTyped("");
    if (answer.ok) onDone();
    else setState(answer.wait_ms > 0 ? { kind: "wait", until: Date.now() + answer.wait_ms } : { kind: "wrong" });
  };
  const keys = {
    onDigit: (key: string) => {
      if (checking || left > 0 || key === ".") return;
      const now = typed + key;
      setTyped(now);
      if (now.length === PIN_LENGTH) check(now).catch(reportError);
    },
    onDelete: () => {
      setTyped(typed.slice(0, -1));
    },
    onClear: () => {
      setTyped("");
    },
  };
  useKeypadKeys(keys);

  return (
    <div className="ms-screen ms-screen-split">
      <TopBar title={words("app.unlock_title", { name: user.name })} second={words("app.unlock_text")} />
      <main className="ms-screen-body ms-pad ms-stack-group">
        <p className="field-pin" role="status" aria-label={`${typed.length} / ${PIN_LENGTH}`}>
          {Array.from({ length: PIN_LENGTH }, (_, place) => <i key={place} data-typed={place < typed.length || undefined} />)}
        </p>
        {left > 0 ? <Notice tone="attention" icon="clock" title={words("app.unlock_wait", { n: left })} live /> : state.kind === "wrong" ? <Notice tone="error" icon="lock" title={words("app.unlock_wrong")} live /> : null}
      </main>
      <section className="ms-screen-action" aria-label={words("app.unlock_text")}>
        <Keypad {...keys} deleteLabel={words("common.delete")} clearLabel={words("reading.hold_clears")} label={words("reading.keypad")} disabled={left > 0 || checking} />
        <Button kind="text" wide onPress={onForgotten}>{words("app.unlock_forgotten")}</Button>
      </section>
    </div>
  );
}

function useSecondsUntil(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return undefined;
    const timer = setInterval(() => { setNow(Date.now()); }, 500);
    return () => { clearInterval(timer); };
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
