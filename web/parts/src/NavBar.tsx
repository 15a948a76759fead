import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";
import { pressed } from "./links.ts";

/** `badge` is shown at the icon; `badgeLabel` says it in words ("14 waiting"), without it the badge itself is read out. */
export type NavItem<Id extends string> = {
  id: Id;
  label: string;
  icon: IconName;
  badge?: string | number | undefined;
  badgeLabel?: string | undefined;
  href: string;
};

export type NavBarProps<Id extends string> = { items: readonly NavItem<Id>[]; chosen: Id | null; onChoose: (id: Id) => void; label?: string | undefined };

export function NavBar<Id extends string>({ items, chosen, onChoose, label }: NavBarProps<Id>): ReactNode {
  return (
    <nav className="ms-nav" aria-label={label}>
      {items.map((item) => (
        <a
          key={item.id}
          href={item.href}
          aria-current={item.id === chosen ? "page" : undefined}
          onClick={(event) => {
            pressed(event, () => {
              onChoose(item.id);
            });
          }}
        >
          <span className="ms-nav-icon">
            <Icon name={item.icon} />
            {item.badge === undefined ? null : (
              <span className="ms-badge" aria-hidden="true">
                {item.badge}
              </span>
            )}
          </span>
          <span>{item.label}</span>
          {item.badge === undefined ? null : <span className="ms-hidden">{item.badgeLabel ?? item.badge}</span>}
        </a>
      ))}
    </nav>
  );
}
