import { describe, expect, it, vi } from "vitest";
import { buzz } from "../../src/capture/haptics.ts";

function phone(hasBeenActive?: boolean) {
  return { vibrate: vi.fn(() => true), userActivation: hasBeenActive === undefined ? undefined : { hasBeenActive } };
}

describe("a buzz", () => {
  it("is short for a key and for what is saved, and told apart for a warning", () => {
    const felt = phone(true);
    for (const kind of ["key", "saved", "warning"] as const) buzz(kind, true, felt);
    expect(felt.vibrate.mock.calls).toEqual([[[10]], [[20]], [[40, 60, 40]]]);
  });

  it("is left out when it is switched off, before the first touch, and where phones cannot", () => {
    const off = phone(true);
    buzz("saved", false, off);
    const untouched = phone(false);
    buzz("saved", true, untouched);
    expect(off.vibrate).not.toHaveBeenCalled();
    expect(untouched.vibrate).not.toHaveBeenCalled();
    expect(() => {
      buzz("saved", true, {});
    }).not.toThrow();
  });

  it("comes where a browser knows nothing of touches", () => {
    const old = phone();
    buzz("key", true, old);
    expect(old.vibrate).toHaveBeenCalledOnce();
  });
});
