import type { ReactNode } from "react";
import { Card, Counter, ExpectedBand, Icon } from "@metersync/parts";

import { sayBand } from "../../metering/band.ts";
import { displayText } from "../../metering/entry.ts";
import { bandOf } from "../../metering/explain.ts";
import type { Meter, Register } from "../../store/records.ts";
import { formatCounter, formatDate } from "../../words/format.ts";
import { shownUnit } from "../../words/units.ts";
import { useWords } from "../../words/useWords.ts";
import { judged, type Entry } from "./useRegisters.ts";

type Props = { meter: Meter; register: Register; entry: Entry; index: number; total: number; active: boolean; flash: boolean; onChoose: () => void };

/** One register as the meter shows it: drums, last value, and how the value stands in the expected range. */
export function RegisterCard({ meter, register, entry, index, total, active, flash, onChoose }: Props): ReactNode {
  const words = useWords();
  const judgement = judged(words, entry, register, meter.time_zone);
  const band = bandOf(register.limits, judgement?.explanation ?? null);
  const { digits } = register;
  const unit = shownUnit(register.unit);
  const decimals = register.decimals ?? 0;
  const text = entry.typing.text;
  const explanation = judgement?.explanation ?? null;
  const isUsual = explanation?.weight === "usual";
  const last = register.limits?.last_value ?? null;
  const label = text === "" ? words("reading.counter_empty", { unit }) : words("reading.counter", { value: displayText(entry.typing, register), unit });
  const again = entry.entries.step === "second";
  const bandWords = band === null ? null : sayBand(words, band, register, again ? null : explanation);
  return (
    <Card>
      <div className="ms-stack field-register" data-active={active || undefined}>
        <div className="ms-row">
          {index === 0 ? <Icon name={meter.meter_type} size={20} /> : null}
          <span className="ms-strong">{total > 1 ? register.label : words(`route.type_${meter.meter_type}`)}</span>
          <span className="ms-second ms-serial ms-grow">{meter.serial_number}</span>
          {again ? <span className="ms-second">{words("reading.second_entry")}</span> : total > 1 ? <span className="ms-second ms-num">{words("reading.register_of", { n: index + 1, total })}</span> : null}
        </div>
        {active || total === 1 ? (
          <Counter digits={digits} decimals={decimals} text={text} unit={unit} cursor={active} flash={flash} label={label} />
        ) : (
          <button type="button" className="field-counter-button" onClick={onChoose} aria-label={label}>
            <Counter digits={digits} decimals={decimals} text={text} unit={unit} size="small" label={label} />
          </button>
        )}
        {again ? (
          <p className="ms-second ms-row field-hidden"><Icon name="eye-off" size={18} />{words("reading.first_hidden")}</p>
        ) : (
          <div className="ms-spread ms-second ms-num">
            {last === null ? <span>{words("reading.last_none")}</span> : (
              <span>{words("reading.last")} <b className="field-on">{formatCounter(String(last), digits, register.decimals)}</b>{register.limits?.last_at == null ? null : ` · ${formatDate(register.limits.last_at, meter.time_zone)}`}</span>
            )}
            {explanation?.short == null ? null : (
              <span className={isUsual ? "ms-row ms-tone-safe ms-strong field-short" : "ms-row ms-tone-attention ms-strong field-short"}>
                <Icon name={isUsual ? "check" : "warning"} size={18} />
                {explanation.short}
              </span>
            )}
          </div>
        )}
        {band === null || bandWords === null || !(active || total === 1) ? null : (
          <ExpectedBand last={band.last} low={band.low} high={band.high} value={band.value} labels={bandWords.labels} judgement={again ? "outside" : bandWords.judgement} label={bandWords.label} />
        )}
      </div>
    </Card>
  );
}
