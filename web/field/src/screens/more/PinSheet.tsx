import { useState, type ReactNode } from "react";
import { Button, Notice, Sheet, TextField } from "@metersync/parts";

import { useWork } from "../../app/work.ts";
import { PIN_LENGTH, setPin } from "../../store/pin.ts";
import { useWords } from "../../words/useWords.ts";

/** A new PIN, typed twice. */
export function PinSheet({ onDone, onClose }: { onDone: () => void; onClose: () => void }): ReactNode {
  const words = useWords();
  const { phone, user } = useWork();
  const [pin, setPinText] = useState("");
  const [again, setAgain] = useState("");
  const [differ, setDiffer] = useState(false);
  const isReady = pin.length === PIN_LENGTH && again.length === PIN_LENGTH;
  const save = () => {
    if (pin !== again) {
      setDiffer(true);
      setPinText("");
      setAgain("");
      return;
    }
    setPin(phone, user.id, pin).then(onDone, reportError);
  };
  const digits = (text: string) => text.replace(/\D/g, "").slice(0, PIN_LENGTH);
  return (
    <Sheet open title={words("more.pin_set")} onClose={onClose} closeLabel={words("common.close")} actions={<Button kind="filled" wide disabled={!isReady} onPress={save}>{words("common.save")}</Button>}>
      <div className="ms-stack-group">
        {differ ? <Notice tone="error" icon="lock" title={words("more.pin_differ")} live /> : null}
        <TextField label={words("more.pin_new", { n: PIN_LENGTH })} type="password" inputMode="numeric" autoComplete="off" value={pin} onChange={(text) => { setPinText(digits(text)); setDiffer(false); }} />
        <TextField label={words("more.pin_again")} type="password" inputMode="numeric" autoComplete="off" value={again} onChange={(text) => { setAgain(digits(text)); }} />
      </div>
    </Sheet>
  );
}
