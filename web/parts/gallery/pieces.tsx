import { useState, type ReactNode } from "react";
import {
  Button, Card, Chip, Choice, Counter, EmptyState, ExpectedBand, Icon, ICON_NAMES, IconButton, ListRow, Notice, ProgressBar, Skeleton,
  Switch, SyncBar, TextField,
} from "../src/index.ts";

const nothing = () => undefined;

function Page({ children }: { children: ReactNode }): ReactNode {
  return <div className="ms-stack-group" style={{ padding: 12 }}>{children}</div>;
}

export function ChipsAndBars(): ReactNode {
  const sync = { onPress: nothing, label: "Open the queue" };
  return (
    <Page>
      <SyncBar tone="safe" text="All safe at the office" detail="10:41" {...sync} />
      <SyncBar tone="waiting" text="14 waiting" detail="on this phone · 10:41" {...sync} />
      <SyncBar tone="sending" text="Sending 9 of 14" detail="2 photos · 1.8 MB" progress={0.62} {...sync} />
      <SyncBar tone="offline" text="Offline · 37 kept on this phone" detail="since 08:55" {...sync} />
      <SyncBar tone="needs" text="2 need you · 35 waiting" detail="Show" {...sync} />
      <div className="ms-row ms-row-wrap">
        <Chip tone="safe" icon="check">Done</Chip>
        <Chip tone="neutral" icon="skip">Skipped</Chip>
        <Chip tone="attention" icon="warning">Second look</Chip>
        <Chip tone="primary" icon="cloud-up">Sending</Chip>
        <Chip tone="neutral" icon="clock">Waiting</Chip>
        <Chip tone="error" icon="cross">Refused</Chip>
      </div>
      <Button kind="filled" onPress={nothing}>Save</Button>
      <Button kind="filled" busy onPress={nothing}>Saving</Button>
      <Button kind="filled" disabled>Type 5 more digits</Button>
      <Button kind="tonal" icon="navigate" onPress={nothing}>Walk there</Button>
      <Button kind="outlined" icon="camera" onPress={nothing}>Photo again</Button>
      <Button kind="text" onPress={nothing}>Back to the reading</Button>
      <div className="ms-actions">
        <Button kind="tonal" size="card" onPress={nothing}>Seen</Button>
        <Button kind="outlined" size="card" onPress={nothing}>Open reading</Button>
      </div>
      <div className="ms-row">
        <IconButton icon="search" label="Search" onPress={nothing} />
        <IconButton icon="sun" label="Outdoor" pressed onPress={nothing} />
        <IconButton icon="inbox" label="Queue, 3 waiting" badge={3} onPress={nothing} />
      </div>
      <ProgressBar parts={[{ tone: "read", count: 96 }, { tone: "skipped", count: 5 }, { tone: "second", count: 2 }, { tone: "left", count: 79 }]} label="96 read" />
      <ProgressBar parts={[{ tone: "read", count: 0 }, { tone: "left", count: 10 }]} label="10 left" />
    </Page>
  );
}

export function CountersAndBands(): ReactNode {
  const band = { last: 816.35, low: 827.1, high: 839.4, labels: { last: "last", low: "827.1", high: "839.4" }, label: "band" };
  return (
    <Page>
      <Card><Counter digits={5} decimals={3} text="00831742" unit="m³" doubtful={[7]} label="831.742 m³" /></Card>
      <Card><Counter digits={8} decimals={3} text="00012831742" unit="m³" label="12831.742 m³" /></Card>
      <Card><Counter digits={6} decimals={1} text="0482" unit="kWh" cursor label="0482 so far" /></Card>
      <Card><Counter digits={5} decimals={0} text="00831742" unit="kWh" label="too many digits" /></Card>
      <Card><Counter digits={5} decimals={3} text="00831742" unit="m³" hidden label="hidden" /></Card>
      <Card><Counter digits={null} decimals={3} text="831.74" unit="kvarh" cursor label="831.74 so far" /></Card>
      <Card><Counter digits={5} decimals={3} text="00831742" unit="m³" size="small" label="831.742 m³" flash /></Card>
      <Card><ExpectedBand {...band} value={831.742} judgement="inside" /></Card>
      <Card><ExpectedBand {...band} value={877.5} judgement="outside" /></Card>
      <Card><ExpectedBand {...band} value={810} judgement="outside" /></Card>
      <Card><ExpectedBand {...band} last={null} value={829} judgement={null} /></Card>
      <Card><ExpectedBand {...band} labels={{ last: "последнее", low: "12 345 827.1", high: "12 345 839.4" }} value={831} judgement="inside" /></Card>
    </Page>
  );
}

export function NoticesAndRows(): ReactNode {
  return (
    <Page>
      <Notice tone="attention" icon="photo" title="Space for about 40 more photos">Readings always fit. Free some space, or get to a network so that sent photos can go.</Notice>
      <Notice tone="attention" icon="warning" title="Amina saved another value" actions={<><Button kind="tonal" size="card" onPress={nothing}>Mine</Button><Button kind="outlined" size="card" onPress={nothing}>Open reading</Button></>}>Both are kept. Which one is right?</Notice>
      <Notice tone="error" icon="lock" title="Your account is switched off" actions={<Button kind="outlined" size="card" icon="download" onPress={nothing}>Save 37 readings to a file</Button>}>37 readings are still on this phone and unharmed. Call the office, or save them to a file.</Notice>
      <Notice tone="safe" icon="cloud-check" title="96 safe at the office">Kept here for 30 days as well.</Notice>
      <EmptyState icon="list" title="No meters for today yet" text="Your supervisor has not given you a route. Pull down to look again, or scan a meter to read it anyway." actions={<Button kind="tonal" size="card" icon="scan" onPress={nothing}>Scan a meter</Button>} />
      <Card rows><Skeleton count={2} label="Loading" /></Card>
      <Card rows>
        <ListRow leading={<Icon name="water" />} title="14 Chandlers Row" second={<><b>00 831.742 m³</b> · 1 photo</>} trailing="10:42" onPress={nothing} />
        <ListRow leading={<Icon name="electric" />} title="12 Chandlers Row" second={<b>48 217.6 kWh</b>} trailing={<Chip tone="safe" icon="check">Done</Chip>} onPress={nothing} />
        <ListRow leading={<Icon name="cloud-check" />} title="96 safe at the office" second="kept here for 30 days as well" trailing={<Icon name="chevron" size={22} />} href="#sent" />
      </Card>
    </Page>
  );
}

export function FieldsAndSwitches(): ReactNode {
  const [name, setName] = useState("amina");
  const [lang, setLang] = useState<"en" | "hi" | "ru">("hi");
  const [on, setOn] = useState(true);
  return (
    <Page>
      <TextField label="User name" value={name} onChange={setName} autoComplete="username" hint="As the office gave it to you" />
      <TextField label="Password" type="password" value="secret" onChange={nothing} error="This password does not belong to this user name. Try again, or ask the office." />
      <TextField label="Note" multiline value="Rang twice, nobody opens" onChange={nothing} />
      <Choice label="Language" value={lang} onChange={setLang} options={[{ value: "en", label: "English", lang: "en" }, { value: "hi", label: "हिन्दी", lang: "hi" }, { value: "ru", label: "Русский", lang: "ru" }]} />
      <Card rows>
        <Switch label="Vibrate on keys" second="A short tick for each key" checked={on} onChange={setOn} />
        <Switch label="Photos on mobile data" checked={!on} onChange={(checked) => { setOn(!checked); }} />
      </Card>
      <p lang="hi">पिछली रीडिंग 00 816.350 · सामान्य</p>
      <p lang="ru">Показание отложено: в четыре раза больше обычного</p>
      <p className="ms-serial">WB 20 3390127 Il1 O0</p>
    </Page>
  );
}

export function Icons(): ReactNode {
  return (
    <Page>
      <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(84px, 1fr))", gap: 10 }}>
        {ICON_NAMES.map((name) => (
          <div key={name} style={{ textAlign: "center", fontSize: 11 }}>
            <span style={{ display: "flex", justifyContent: "center" }}><Icon name={name} size={32} /></span>
            {name}
          </div>
        ))}
      </div>
    </Page>
  );
}
