import type { ReactNode } from "react";
import { Button, Sheet, TextField } from "@metersync/parts";

import { useWords } from "../../words/useWords.ts";

export function NoteSheet({ note, onChange, onClose }: { note: string; onChange: (note: string) => void; onClose: () => void }): ReactNode {
  const words = useWords();
  return (
    <Sheet open title={words("reading.note")} onClose={onClose} closeLabel={words("common.close")} actions={<Button kind="filled" wide onPress={onClose}>{words("reading.note_done")}</Button>}>
      <TextField label={words("reading.note")} labelHidden multiline value={note} onChange={onChange} maxLength={500} />
    </Sheet>
  );
}
