import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

/**
 * The bar on top of every field screen, a live region that speaks politely. `text` is the state ("14 waiting"), `detail` stands at the
 * right ("on this phone · 10:41"), `label` says what a press does ("Open the queue"); `progress` is 0..1 while sending.
 */
export type SyncBarProps = {
  tone: "safe" | "waiting" | "sending" | "offline" | "needs";
  text: string;
  detail: string;
  progress?: number | null | undefined;
  onPress: () => void;
  label: string;
};

const ICONS = { safe: "cloud-check", waiting: "cloud-up", sending: "cloud-up", offline: "cloud-off", needs: "warning" } as const satisfies Record<
  SyncBarProps["tone"],
  IconName
>;

export function SyncBar({ tone, text, detail, progress, onPress, label }: SyncBarProps): ReactNode {
  return (
    <div className="ms-sync" data-tone={tone} role="status" aria-live="polite">
      <button
        type="button"
        onClick={() => {
          onPress();
        }}
      >
        <Icon name={ICONS[tone]} size={22} />
        <span className="ms-sync-words">
          <span>{text}</span>
          <span className="ms-sync-detail">{detail}</span>
        </span>
        <span className="ms-hidden">{label}</span>
      </button>
      {progress === undefined || progress === null ? null : (
        <span className="ms-sync-progress" style={{ transform: `scaleX(${Math.min(1, Math.max(0, progress))})` }} />
      )}
    </div>
  );
}
