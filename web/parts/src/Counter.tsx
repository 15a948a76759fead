import { Fragment, type CSSProperties, type ReactNode } from "react";
import { fillCounter, type CounterCell } from "./fillCounter.ts";

/**
 * A value drawn as the meter's own drums. `text` is what was typed so far (see fillCounter); `digits` null: a plain field.
 * `doubtful` are indexes of cells from the left, decimals counted on. `hidden` shows empty drums whatever was typed; `flash` lights up
 * once, after saving. `label` is read out instead of the cells: the number as one, with its unit.
 */
export type CounterProps = {
  digits: number | null;
  decimals: number;
  text: string;
  unit: string;
  cursor?: boolean | undefined;
  size?: "large" | "small" | undefined;
  hidden?: boolean | undefined;
  doubtful?: readonly number[] | undefined;
  flash?: boolean | undefined;
  label: string;
};

function Drum({ cell, cursor, doubtful }: { cell: CounterCell; cursor: boolean; doubtful: boolean }): ReactNode {
  const empty = cell.digit === null;
  return (
    <span
      className="ms-cell"
      data-decimal={cell.decimal ? "" : undefined}
      data-empty={empty ? "" : undefined}
      data-cursor={empty && cursor && cell.cursor ? "" : undefined}
      data-doubtful={!empty && (doubtful || cell.over) ? "" : undefined}
    >
      {cell.digit}
    </span>
  );
}

function Drums({ cells, cursor, doubtful }: { cells: readonly CounterCell[]; cursor: boolean; doubtful: readonly number[] }): ReactNode {
  const pointAt = cells.findIndex((cell) => cell.decimal);
  const measures = { "--ms-cells": cells.length, "--ms-point": pointAt < 0 ? "0px" : "11.5px" } as CSSProperties;
  return (
    <span className="ms-counter-cells" style={measures}>
      <span>
        {cells.map((cell, i) => (
          <Fragment key={i}>
            {i === pointAt ? <span className="ms-point" /> : null}
            <Drum cell={cell} cursor={cursor} doubtful={doubtful.includes(i)} />
          </Fragment>
        ))}
      </span>
    </span>
  );
}

export function Counter(props: CounterProps): ReactNode {
  const { digits, decimals, unit, cursor = false, size = "large", hidden = false, doubtful = [], flash = false, label } = props;
  const text = hidden ? "" : props.text;
  return (
    <div className="ms-counter" data-size={size} data-flash={flash ? "" : undefined} role="img" aria-label={label}>
      <div className="ms-counter-line" aria-hidden="true">
        {digits === null ? (
          <span className="ms-counter-plain" data-cursor={cursor ? "" : undefined}>
            <span>{text}</span>
            {cursor ? <span className="ms-caret" /> : null}
          </span>
        ) : (
          <Drums cells={fillCounter(text, digits, decimals)} cursor={cursor && !hidden} doubtful={doubtful} />
        )}
        <span className="ms-counter-unit">{unit}</span>
      </div>
    </div>
  );
}
