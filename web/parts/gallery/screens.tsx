import { useState, type ReactNode } from "react";
import {
  Button, Card, Chip, counterText, Counter, ExpectedBand, FabButton, Icon, IconButton, Keypad, ListRow, missingDigits, NavBar, Notice,
  PositionTile, ProgressBar, SegmentTabs, Sheet, SquareButton, SyncBar, TextField, Thumb, Tile, Toast, TopBar, useKeypadKeys,
} from "../src/index.ts";
import { METER_PHOTO } from "./photo.ts";

const nothing = () => undefined;

function Sync(): ReactNode {
  return <SyncBar tone="offline" text="Offline · 37 kept on this phone" detail="since 08:55" onPress={nothing} label="Open the queue" />;
}

export function ReadingScreen({ second = false, digits = 5 }: { second?: boolean; digits?: number | null }): ReactNode {
  const [toast, setToast] = useState(false);
  const [text, setText] = useState(second ? "008" : digits === null ? "831.742" : digits === 8 ? "00012831742" : "00831742");
  const keys = {
    onDigit: (key: string) => {
      setText((typed) => typed + key);
    },
    onDelete: () => {
      setText((typed) => typed.slice(0, -1));
    },
    onClear: () => {
      setText("");
    },
  };
  useKeypadKeys(keys);
  const missing = digits === null ? 0 : missingDigits(text, digits, 3);
  const value = second ? 877.5 : Number(digits === null ? text : (counterText(text, digits, 3) ?? Number.NaN));
  const known = Number.isNaN(value) ? null : value;
  const inside = known !== null && known >= 827.1 && known <= 839.4;
  return (
    <div className="ms-screen ms-screen-split">
      <Sync />
      <TopBar title="14 Chandlers Row" second="Cellar, left of the stairs" onBack={nothing} backLabel="Back to the route" actions={<IconButton icon="menu-dots" label="More" onPress={nothing} />} />
      <main className="ms-screen-body ms-pad-card ms-stack">
        {second ? (
          <Notice tone="attention" icon="warning" title="Four times the usual use" live>
            61.2 m³ since 18 Oct; usual is 11 to 23 m³. Look at the meter and type it once more.
          </Notice>
        ) : null}
        <Card>
          <div className="ms-stack" style={{ margin: "-2px -4px -8px" }}>
            <div className="ms-row">
              <Icon name="water" size={20} />
              <span className="ms-strong">Cold water</span>
              <span className="ms-second ms-serial">WB 20 3390127</span>
            </div>
            <Counter digits={digits} decimals={3} text={text} unit="m³" cursor label="831.742 cubic metres" />
            <div className="ms-spread ms-second ms-num">
              <span>
                Last <b style={{ color: "var(--ms-on)" }}>00 816.350</b> · 18 Oct
              </span>
              {inside ? (
                <span className="ms-row ms-tone-safe ms-strong" style={{ gap: 4 }}>
                  <Icon name="check" size={18} />
                  +15.4, as usual
                </span>
              ) : null}
            </div>
            <ExpectedBand last={816.35} low={827.1} high={839.4} value={known} labels={{ last: "last", low: "827.1", high: "839.4" }} judgement={known === null ? null : inside ? "inside" : "outside"} label="831.742, between 827.1 and 839.4, as usual" />
          </div>
        </Card>
        {second ? null : (
          <div className="ms-evidence">
            <Thumb src={METER_PHOTO} label="Photo 1, waiting" state="waiting" onPress={nothing} />
            <SquareButton icon="camera" label="Take a photo" onPress={nothing} />
            <PositionTile tone="safe" first="± 6 m" second="at the meter" onPress={nothing} label="Find the position again" />
            <SquareButton icon="note" label="Write a note" onPress={nothing} />
          </div>
        )}
      </main>
      <section className="ms-screen-action" aria-label="Type the value">
        <Keypad {...keys} onSkip={nothing} skipLabel="Skip" deleteLabel="Delete" clearLabel="Hold to clear" label="Keypad" point={digits === null} />
        <Button kind="filled" wide disabled={missing > 0} onPress={() => { setToast(true); }}>
          {missing > 0 ? `Type ${missing} more digits` : "Save"}
        </Button>
      </section>
      {toast ? <Toast text="00 831.742 m³ kept on this phone" action={{ label: "Undo", onPress: nothing }} seconds={6} onGone={() => { setToast(false); }} /> : null}
    </div>
  );
}

const ROWS = [
  ["105", "14 Chandlers Row", "electric", "Electricity · E5 71180426", "same stop"],
  ["106", "16 Chandlers Row", "water", "Cold water · WB 21 3391004", "70 m"],
  ["107", "18 Chandlers Row", "gas", "Gas · G4 20883115", "95 m"],
  ["108", "2 Mill Lane, flat 3", "water", "Cold water · WB 19 2217745", "140 m"],
  ["109", "2 Mill Lane, flat 4", "heat", "Heat · WB 19 2217801", ""],
] as const;

export function Navigation(): ReactNode {
  const [chosen, setChosen] = useState<"route" | "map" | "queue" | "more">("route");
  return (
    <NavBar
      label="Main"
      chosen={chosen}
      onChoose={setChosen}
      items={[
        { id: "route", label: "Route", icon: "list", href: "#route" },
        { id: "map", label: "Map", icon: "map", href: "#map" },
        { id: "queue", label: "Queue", icon: "inbox", href: "#queue", badge: 14, badgeLabel: "14 waiting" },
        { id: "more", label: "More", icon: "menu", href: "#more" },
      ]}
    />
  );
}

export function RouteScreen(): ReactNode {
  const [chosen, setChosen] = useState<"todo" | "done" | "skipped" | "problem">("todo");
  const [toast, setToast] = useState(false);
  return (
    <div className="ms-screen">
      <SyncBar tone="waiting" text="14 waiting" detail="on this phone · 10:41" onPress={nothing} label="Open the queue" />
      <TopBar title="Old Harbour, route 7" second="Thursday 19 November" actions={<><IconButton icon="search" label="Search" onPress={nothing} /><IconButton icon="sun" label="Outdoor" onPress={nothing} pressed={false} /></>} />
      <main className="ms-screen-main">
        <div className="ms-screen-body">
          <div className="ms-pad">
            <ProgressBar parts={[{ tone: "read", count: 96 }, { tone: "skipped", count: 5 }, { tone: "second", count: 2 }, { tone: "left", count: 79 }]} label="96 read, 5 skipped, 2 second look, 79 left" />
            <div className="ms-spread ms-second ms-num" style={{ paddingTop: 8 }}>
              <span>
                <b style={{ color: "var(--ms-on)" }}>79 left</b> of 182
              </span>
              <span>about 3 h 10 min</span>
            </div>
          </div>
          <div className="ms-pad" style={{ paddingTop: 12 }}>
            <Card first>
              <div className="ms-row">
                <span className="ms-second ms-strong ms-tone-primary ms-num ms-grow" style={{ color: "var(--ms-primary)" }}>Next · stop 104 · 60 m</span>
                <Chip tone="attention" icon="paw">Dog</Chip>
              </div>
              <h2 className="ms-address">14 Chandlers Row</h2>
              <p className="ms-second">Cellar, left of the stairs · key 214</p>
              <p className="ms-second ms-row" style={{ gap: 6, paddingBottom: 12 }}><Icon name="water" size={18} /><span>Cold water · <span className="ms-serial">WB 20 3390127</span></span></p>
              <div className="ms-row">
                <div className="ms-grow"><Button kind="filled" wide onPress={() => { setToast(true); }}>Read this meter</Button></div>
                <Button kind="tonal" icon="navigate" label="Walk there" onPress={nothing} />
              </div>
            </Card>
          </div>
          <SegmentTabs label="Show" chosen={chosen} onChoose={setChosen} items={[{ id: "todo", label: "To do 79" }, { id: "done", label: "Done 96" }, { id: "skipped", label: "Skipped 5" }, { id: "problem", label: "Problem 2" }]} />
          {ROWS.map(([stop, title, icon, second, trailing]) => (
            <ListRow key={stop} leading={stop} title={title} second={<span className="ms-row"><Icon name={icon} size={16} /><span className="ms-serial">{second}</span></span>} trailing={trailing} href="#row" onPress={nothing} />
          ))}
        </div>
        <div className="ms-screen-float"><FabButton icon="scan" label="Scan a meter" onPress={nothing} /></div>
      </main>
      {toast ? <Toast text="00 831.742 m³ kept on this phone" action={{ label: "Undo", onPress: nothing }} seconds={6} onGone={() => { setToast(false); }} /> : null}
      <Navigation />
    </div>
  );
}

const REASONS = [
  ["door", "No access"], ["paw", "Dog"], ["question-box", "Meter missing"], ["broken", "Damaged"], ["eye-off", "Unreadable"],
  ["shield", "Unsafe"], ["hand", "Refused"], ["house", "Vacant"], ["dots", "Other"],
] as const;

export function SkipScreen(): ReactNode {
  const [open, setOpen] = useState(true);
  const [reason, setReason] = useState("No access");
  const [note, setNote] = useState("Rang twice, nobody opens");
  const close = () => {
    setOpen(false);
  };
  return (
    <>
      <ReadingScreen />
      <Sheet open={open} title="Why no reading?" second={<>14 Chandlers Row · cold water <span className="ms-serial">WB 20 3390127</span></>} onClose={close} closeLabel="Close" actions={<><Button kind="filled" wide onPress={close}>Skip: no access</Button><Button kind="text" wide onPress={close}>Back to the reading</Button></>}>
        <div className="ms-tiles">
          {REASONS.map(([icon, label]) => (
            <Tile key={label} icon={icon} label={label} chosen={label === reason} onPress={() => { setReason(label); }} />
          ))}
        </div>
        <div className="ms-evidence" style={{ padding: "16px 0" }}>
          <Thumb src={METER_PHOTO} label="Photo 1, refused" state="refused" onPress={nothing} />
          <SquareButton icon="camera" label="Take a photo" onPress={nothing} />
          <PositionTile tone="attention" first="± 84 m" second="tap to try again" onPress={nothing} label="Find the position again" />
        </div>
        <TextField label="Note" multiline value={note} onChange={setNote} maxLength={500} />
      </Sheet>
    </>
  );
}
