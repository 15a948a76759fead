import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** Says why there is nothing and offers the next step. */
export type EmptyStateProps = { icon: IconName; title: string; text: ReactNode; actions?: ReactNode };

export function EmptyState({ icon, title, text, actions }: EmptyStateProps): ReactNode {
  return (
    <section className="ms-card ms-empty">
      <Icon name={icon} size={28} />
      <div className="ms-empty-words">
        <h2 className="ms-row-title">{title}</h2>
        <p className="ms-empty-text">{text}</p>
        {actions === undefined ? null : <div className="ms-actions ms-empty-actions">{actions}</div>}
      </div>
    </section>
  );
}
