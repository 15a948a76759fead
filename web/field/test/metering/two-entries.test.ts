import { describe, expect, it } from "vitest";

import { changeFirst, choose, enter, FIRST_ENTRY, typeAgain, type TwoEntries } from "../../src/metering/two-entries.ts";

const ASKED = true;

describe("typing a value twice", () => {
  it("is not asked of a value within its limits", () => {
    expect(enter(FIRST_ENTRY, "831.742", false)).toEqual({ step: "done", value: "831.742", doubleEntered: false });
  });

  it("is asked of one out of limits, and done when both agree", () => {
    const second = enter(FIRST_ENTRY, "877.55", ASKED);
    expect(second).toEqual({ step: "second", earlier: ["877.55"] });
    expect(enter(second, "877.55", ASKED)).toEqual({ step: "done", value: "877.55", doubleEntered: true });
    expect(enter(second, "877.550", ASKED)).toMatchObject({ step: "done", doubleEntered: true });
  });

  it("shows both where they differ by the last digit, even if the second is as usual", () => {
    const second = enter(FIRST_ENTRY, "877.550", ASKED);
    expect(enter(second, "877.551", ASKED)).toMatchObject({ step: "differ", first: "877.550", second: "877.551" });
    expect(enter(second, "831.742", false)).toMatchObject({ step: "differ", second: "831.742" });
  });

  it("lets a person choose one of two that differ, as typed once", () => {
    const differ = enter(enter(FIRST_ENTRY, "1", ASKED), "2", ASKED);
    expect(choose(differ, "1")).toEqual({ step: "done", value: "1", doubleEntered: false });
    expect(choose(differ, "2")).toEqual({ step: "done", value: "2", doubleEntered: false });
    expect(choose(differ, "3")).toBe(differ);
  });

  it("goes on until one agrees with any before it", () => {
    const again = typeAgain(enter(enter(FIRST_ENTRY, "1", ASKED), "2", ASKED));
    expect(again).toEqual({ step: "second", earlier: ["1", "2"] });
    expect(enter(again, "1", ASKED)).toMatchObject({ step: "done", value: "1", doubleEntered: true });
    expect(enter(again, "3", ASKED)).toMatchObject({ step: "differ", first: "2", second: "3" });
  });

  it("can go back to the first while the second is typed", () => {
    expect(changeFirst(enter(FIRST_ENTRY, "1", ASKED))).toBe(FIRST_ENTRY);
  });

  it("changes nothing by a step that is not due", () => {
    const differ = enter(enter(FIRST_ENTRY, "1", ASKED), "2", ASKED);
    const done: TwoEntries = { step: "done", value: "1", doubleEntered: true };
    expect(enter(differ, "1", ASKED)).toBe(differ);
    expect(changeFirst(differ)).toBe(differ);
    for (const step of [enter(done, "2", ASKED), choose(done, "2"), typeAgain(done), changeFirst(done)]) expect(step).toBe(done);
    expect(choose(FIRST_ENTRY, "1")).toBe(FIRST_ENTRY);
  });
});
