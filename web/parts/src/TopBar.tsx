import type { ReactNode } from "react";
import { IconButton } from "./IconButton.tsx";

/** The screen's name, its only h1, with `second` under it; `backLabel` belongs to `onBack`. `actions` are IconButtons. */
export type TopBarProps = {
  title: string;
  second?: ReactNode;
  onBack?: (() => void) | undefined;
  backLabel?: string | undefined;
  actions?: ReactNode;
};

export function TopBar({ title, second, onBack, backLabel = "", actions }: TopBarProps): ReactNode {
  return (
    <header className={onBack === undefined ? "ms-top" : "ms-top ms-top-back"}>
      {onBack === undefined ? null : <IconButton icon="back" label={backLabel} onPress={onBack} />}
      <div className="ms-top-words">
        <h1 className="ms-title">{title}</h1>
        {second === undefined ? null : <p className="ms-second">{second}</p>}
      </div>
      {actions}
    </header>
  );
}
