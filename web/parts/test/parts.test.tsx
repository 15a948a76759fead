import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import {
  Button, Chip, Choice, Counter, ExpectedBand, Icon, ICON_NAMES, IconButton, Keypad, ListRow, NavBar, Notice, PositionTile, ProgressBar,
  SegmentTabs, Sheet, Skeleton, Switch, SyncBar, TextField, Thumb, Tile, Toast, TopBar,
} from "../src/index.ts";

const nothing = () => undefined;

/** The opening tags of `name` in the markup. */
const tags = (markup: string, name: string) => markup.match(new RegExp(`<${name}[ >][^>]*>?`, "g")) ?? [];

describe("icons", () => {
  it("are hidden without a label and an image with one", () => {
    expect(renderToStaticMarkup(<Icon name="water" />)).toContain('aria-hidden="true"');
    expect(renderToStaticMarkup(<Icon name="water" label="Water" />)).toContain('role="img" aria-label="Water"');
  });

  it("are all drawn within their grid", () => {
    for (const name of ICON_NAMES) {
      const outline = / d="([^"]+)"/.exec(renderToStaticMarkup(<Icon name={name} />))?.[1] ?? "";
      expect(outline, name).toMatch(/^M[\d.]/);
      expect(Math.max(...(outline.match(/\d+(\.\d+)?/g) ?? []).map(Number)), name).toBeLessThanOrEqual(24);
    }
  });
});

describe("buttons", () => {
  it("do not send forms unless they say so", () => {
    expect(renderToStaticMarkup(<Button kind="filled" onPress={nothing}>Save</Button>)).toContain('type="button"');
    expect(renderToStaticMarkup(<Button kind="filled" type="submit">Sign in</Button>)).toContain('type="submit"');
  });

  it("keep their words while busy and say that they are", () => {
    const markup = renderToStaticMarkup(<Button kind="filled" busy>Saving</Button>);
    expect(markup).toContain('aria-busy="true"');
    expect(markup).toContain("Saving");
  });

  it("without words have a name all the same", () => {
    expect(renderToStaticMarkup(<Button kind="tonal" icon="navigate" label="Walk there" />)).toContain('aria-label="Walk there"');
    expect(renderToStaticMarkup(<IconButton icon="sun" label="Outdoor" onPress={nothing} pressed />)).toMatch(/aria-label="Outdoor" aria-pressed="true"/);
  });
});

describe("the sync bar", () => {
  const bar = (progress: number | null) =>
    renderToStaticMarkup(<SyncBar tone="sending" text="Sending 9 of 14" detail="2 photos" progress={progress} onPress={nothing} label="Open the queue" />);

  it("is a polite live region whose whole face is one button", () => {
    expect(bar(null)).toMatch(/^<div[^>]*role="status" aria-live="polite"><button/);
    expect(bar(null)).toContain("Open the queue");
  });

  it("shows progress only when there is some, and never beyond its ends", () => {
    expect(bar(null)).not.toContain("ms-sync-progress");
    expect(bar(0.62)).toContain("scaleX(0.62)");
    expect(bar(7)).toContain("scaleX(1)");
  });
});

describe("the counter", () => {
  const counter = (props: Partial<Parameters<typeof Counter>[0]>) =>
    renderToStaticMarkup(<Counter digits={5} decimals={3} text="00831742" unit="m³" label="831.742 m³" {...props} />);

  it("is read out as one number, its cells are not", () => {
    expect(counter({})).toMatch(/^<div[^>]*role="img" aria-label="831.742 m³"><div[^>]*aria-hidden="true">/);
  });

  it("has a cell for each digit and decimal, and one point", () => {
    expect(tags(counter({}), 'span class="ms-cell"')).toHaveLength(8);
    expect(tags(counter({}), 'span class="ms-point"')).toHaveLength(1);
    expect(tags(counter({ decimals: 0, text: "00831" }), 'span class="ms-point"')).toHaveLength(0);
  });

  it("hides the first entry: no digit of it is in the page", () => {
    expect(counter({ hidden: true, label: "hidden" }).replace(/m³|="[^"]*"/g, "")).not.toMatch(/\d/);
  });

  it("marks the doubtful digit and no other", () => {
    const cells = tags(counter({ doubtful: [7] }), 'span class="ms-cell"');
    expect(cells.map((cell) => cell.includes("data-doubtful"))).toEqual([false, false, false, false, false, false, false, true]);
  });

  it("shows its cursor only where it is typed into", () => {
    expect(counter({ text: "008", cursor: true })).toContain("data-cursor");
    expect(counter({ text: "008" })).not.toContain("data-cursor");
  });

  it("is a plain field where nobody knows the digits", () => {
    const markup = counter({ digits: null, text: "831.74" });
    expect(markup).toContain("831.74");
    expect(markup).not.toContain("ms-cell\"");
  });
});

describe("the expected band", () => {
  const band = (judgement: "inside" | "outside" | null, value: number | null) =>
    renderToStaticMarkup(
      <ExpectedBand last={816} low={827} high={839} value={value} labels={{ last: "last", low: "827", high: "839" }} judgement={judgement} label="as usual" />,
    );

  it("tells inside and outside by shape, not by colour alone", () => {
    const heads = (markup: string) => [tags(markup, "circle").length, tags(markup, "path").length];
    expect(heads(band("inside", 830))).toEqual([2, 1]);
    expect(heads(band("outside", 900))).toEqual([1, 2]);
    expect(heads(band(null, 830))).toEqual([1, 1]);
    expect(heads(band(null, null))).toEqual([1, 0]);
  });

  it("says all of it in words", () => {
    expect(band("inside", 830)).toContain('role="img" aria-label="as usual"');
  });
});

describe("the keypad", () => {
  const keypad = (props: Partial<Parameters<typeof Keypad>[0]>) =>
    renderToStaticMarkup(
      <Keypad onDigit={nothing} onDelete={nothing} onClear={nothing} onSkip={nothing} skipLabel="Skip" deleteLabel="Delete" clearLabel="Hold to clear" label="Keypad" {...props} />,
    );

  it("is a named group of twelve keys", () => {
    expect(keypad({})).toMatch(/^<div[^>]*role="group" aria-label="Keypad">/);
    expect(tags(keypad({}), "button")).toHaveLength(12);
    expect(keypad({})).toContain('aria-label="Delete. Hold to clear"');
  });

  it("has skip at the left below, or the point", () => {
    expect(keypad({})).toContain("Skip");
    expect(keypad({ point: true })).not.toContain("Skip");
    expect(keypad({ point: true })).toContain(">.</button>");
  });

  it("lets skip even where nothing can be typed", () => {
    expect(tags(keypad({ disabled: true }), "button").filter((tag) => tag.includes("disabled"))).toHaveLength(11);
  });
});

describe("choices", () => {
  it("segments are radios of one group with one stop of the tab key", () => {
    const markup = renderToStaticMarkup(
      <SegmentTabs label="Show" chosen="done" onChoose={nothing} items={[{ id: "todo", label: "To do 79" }, { id: "done", label: "Done 96" }]} />,
    );
    expect(markup).toContain('role="radiogroup" aria-label="Show"');
    expect(tags(markup, "button").map((tag) => [tag.includes('aria-checked="true"'), tag.includes('tabindex="0"')])).toEqual([[false, false], [true, true]]);
  });

  it("a tile says whether it is chosen, by a tick as well", () => {
    const tile = (chosen: boolean) => renderToStaticMarkup(<Tile icon="paw" label="Dog" chosen={chosen} onPress={nothing} />);
    expect(tile(true)).toContain('aria-pressed="true"');
    expect(tags(tile(true), "svg").length - tags(tile(false), "svg").length).toBe(1);
  });

  it("a switch has its label and its second line apart", () => {
    const markup = renderToStaticMarkup(<Switch label="Vibrate" second="A short tick" checked onChange={nothing} />);
    const [, label] = /aria-labelledby="([^"]+)"/.exec(markup) ?? [];
    expect(markup).toContain('role="switch" aria-checked="true"');
    expect(markup).toContain(`id="${label ?? "none"}"`);
  });

  it("a select belongs to its label", () => {
    const markup = renderToStaticMarkup(<Choice label="Language" value="hi" onChange={nothing} options={[{ value: "en", label: "English" }, { value: "hi", label: "हिन्दी" }]} />);
    const [, id] = /<label[^>]*for="([^"]+)"/.exec(markup) ?? [];
    expect(markup).toContain(`<select id="${id ?? "none"}"`);
    expect(markup).toMatch(/<option value="hi" selected/);
  });
});

describe("fields", () => {
  it("an error takes the place of the hint and is tied to the field", () => {
    const markup = renderToStaticMarkup(<TextField label="Password" value="" onChange={nothing} hint="As given to you" error="Two decimal signs." />);
    const [, id] = /aria-describedby="([^"]+)"/.exec(markup) ?? [];
    expect(markup).toContain('aria-invalid="true"');
    expect(markup).toContain(`id="${id ?? "none"}"`);
    expect(markup).not.toContain("As given to you");
  });

  it("a note of several lines is a textarea", () => {
    expect(renderToStaticMarkup(<TextField label="Note" multiline value="x" onChange={nothing} />)).toContain("<textarea");
  });
});

describe("bars and rows", () => {
  it("the navigation marks where one is and says its badge in words", () => {
    const markup = renderToStaticMarkup(
      <NavBar chosen="queue" onChoose={nothing} label="Main" items={[{ id: "route", label: "Route", icon: "list", href: "/" }, { id: "queue", label: "Queue", icon: "inbox", href: "/queue", badge: 14, badgeLabel: "14 waiting" }]} />,
    );
    expect(tags(markup, "a").map((tag) => tag.includes('aria-current="page"'))).toEqual([false, true]);
    expect(markup).toContain("14 waiting");
  });

  it("a title is the screen's h1, and going back has a name", () => {
    const markup = renderToStaticMarkup(<TopBar title="14 Chandlers Row" onBack={nothing} backLabel="Back to the route" />);
    expect(tags(markup, "h1")).toHaveLength(1);
    expect(markup).toContain('aria-label="Back to the route"');
  });

  it("a row is a link, a button or neither", () => {
    expect(renderToStaticMarkup(<ListRow title="x" href="/m/1" onPress={nothing} />)).toMatch(/^<a[^>]*href="\/m\/1"/);
    expect(renderToStaticMarkup(<ListRow title="x" onPress={nothing} />)).toMatch(/^<button type="button"/);
    expect(renderToStaticMarkup(<ListRow title="x" />)).toMatch(/^<div/);
  });

  it("progress leaves out what there is none of", () => {
    const markup = renderToStaticMarkup(<ProgressBar label="10 left" parts={[{ tone: "read", count: 0 }, { tone: "left", count: 10 }]} />);
    expect(tags(markup, "i")).toEqual([expect.stringContaining('data-tone="left"')]);
    expect(markup).toContain('role="img" aria-label="10 left"');
  });

  it("a skeleton says that it waits, and hides its bars", () => {
    const markup = renderToStaticMarkup(<Skeleton count={3} label="Loading the route" />);
    expect(markup).toContain('aria-busy="true"');
    expect(tags(markup, "div").filter((tag) => tag.includes('aria-hidden="true"'))).toHaveLength(3);
  });
});

describe("what is said", () => {
  it("only a live notice and a toast are read out by themselves", () => {
    const notice = (live: boolean) => renderToStaticMarkup(<Notice tone="attention" icon="warning" title="Four times the usual use" live={live} />);
    expect(notice(true)).toContain('role="status"');
    expect(notice(false)).not.toContain("role=");
    expect(renderToStaticMarkup(<Toast text="Kept on this phone" seconds={6} onGone={nothing} />)).toContain('role="status"');
  });

  it("a chip has a word beside its icon", () => {
    expect(renderToStaticMarkup(<Chip tone="safe" icon="check">Done</Chip>)).toContain("<span>Done</span>");
  });

  it("photo and position have names", () => {
    expect(renderToStaticMarkup(<Thumb src="data:," label="Photo 1, waiting" state="waiting" onPress={nothing} />)).toContain('aria-label="Photo 1, waiting"');
    expect(renderToStaticMarkup(<PositionTile tone="attention" first="± 84 m" second="far" label="Try again" onPress={nothing} />)).toContain("Try again");
  });

  it("a closed sheet holds nothing, an open one is named by its title", () => {
    const sheet = (open: boolean) => renderToStaticMarkup(<Sheet open={open} title="Why no reading?" onClose={nothing} closeLabel="Close">nine reasons</Sheet>);
    expect(sheet(false)).not.toContain("nine reasons");
    const [, id] = /aria-labelledby="([^"]+)"/.exec(sheet(true)) ?? [];
    expect(sheet(true)).toContain(`id="${id ?? "none"}"`);
    expect(sheet(true)).toContain('aria-label="Close"');
  });
});
