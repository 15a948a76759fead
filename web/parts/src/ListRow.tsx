import type { ReactNode } from "react";
import { pressed } from "./links.ts";

/**
 * A row of 72 px or more: what leads (stop number, icon), two lines of words, what trails (distance, state). With `href` a link, with
 * `onPress` alone a button, with neither only shown. `divided` draws the hairline above it, for rows that are placed one by one.
 */
export type ListRowProps = {
  leading?: ReactNode;
  title: ReactNode;
  second?: ReactNode;
  trailing?: ReactNode;
  onPress?: (() => void) | undefined;
  href?: string | undefined;
  divided?: boolean | undefined;
};

export function ListRow({ leading, title, second, trailing, onPress, href, divided = false }: ListRowProps): ReactNode {
  const inside = (
    <>
      {leading === undefined ? null : <span className="ms-list-leading">{leading}</span>}
      <span className="ms-list-words">
        <span className="ms-list-title">{title}</span>
        {second === undefined ? null : <span className="ms-list-second">{second}</span>}
      </span>
      {trailing === undefined ? null : <span className="ms-list-trailing">{trailing}</span>}
    </>
  );
  const line = divided ? "" : undefined;
  if (href !== undefined) {
    return (
      <a
        className="ms-list-row"
        data-divided={line}
        href={href}
        onClick={(event) => {
          pressed(event, onPress);
        }}
      >
        {inside}
      </a>
    );
  }
  if (onPress !== undefined) {
    return (
      <button
        type="button"
        className="ms-list-row"
        data-divided={line}
        onClick={() => {
          onPress();
        }}
      >
        {inside}
      </button>
    );
  }
  return (
    <div className="ms-list-row" data-divided={line}>
      {inside}
    </div>
  );
}
