import type { ReactNode } from "react";

/** `second` is a second look. Parts without a count are left out; give them in the order read, skipped, second, left. */
export type ProgressPart = { tone: "read" | "skipped" | "second" | "left"; count: number };

/** `label` says the counts in words; a legend with them stands beside the bar once a view. */
export type ProgressBarProps = { parts: readonly ProgressPart[]; label: string };

export function ProgressBar({ parts, label }: ProgressBarProps): ReactNode {
  return (
    <div className="ms-progress" role="img" aria-label={label}>
      {parts
        .filter((part) => part.count > 0)
        .map((part) => (
          <i key={part.tone} data-tone={part.tone} style={{ flex: `${part.count} 1 0` }} />
        ))}
    </div>
  );
}
