import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/** Says a figure and what to do, where it happened. `attention` is all amber, the others a card with a coloured icon. `live` is read out. */
export type NoticeProps = {
  tone: "attention" | "error" | "safe" | "neutral";
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  live?: boolean | undefined;
};

export function Notice({ tone, icon, title, children, actions, live = false }: NoticeProps): ReactNode {
  return (
    <section className="ms-notice" data-tone={tone} role={live ? "status" : undefined}>
      <span className={tone === "attention" ? undefined : `ms-tone-${tone}`}>
        <Icon name={icon} size={26} />
      </span>
      <div className="ms-notice-words">
        <h2 className="ms-notice-title">{title}</h2>
        {children === undefined ? null : <div className="ms-notice-text">{children}</div>}
        {actions === undefined ? null : <div className="ms-actions ms-notice-actions">{actions}</div>}
      </div>
    </section>
  );
}
