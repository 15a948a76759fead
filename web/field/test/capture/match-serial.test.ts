import { describe, expect, it } from "vitest";
import { gs1Fields } from "../../src/capture/gs1.ts";
import { matchSerial } from "../../src/capture/match-serial.ts";

const GS = "\u001d";
const FNC1 = "]C1";
const LIST = ["W-1040217", "W-1040218", "ELS 2019 0012345", "12345678", "123456", "77", "0098765", "АБ-4411", "1EMH0012345679"];

function found(code: string, serials: readonly string[] = LIST): string[] {
  return matchSerial(code, serials).map(({ serial, how }) => `${how} ${serial}`);
}

describe("a scanned code", () => {
  it.each([
    ["the serial itself", "W-1040217", ["equal W-1040217"]],
    ["without its dash, in small letters", "w1040217", ["equal W-1040217"]],
    ["with the spaces of a label", "  els2019 0012 345 ", ["equal ELS 2019 0012345"]],
    ["with start and stop of Codabar", "A12345678B", ["contained 12345678"]],
    ["with the stars of Code 39", "*W-1040218*", ["equal W-1040218"]],
    ["with zeros before it", "0000012345678", ["equal 12345678"]],
    ["without the zeros of the list", "98765", ["equal 0098765"]],
    ["with a prefix and a suffix", "SN/12345678/2019", ["field 12345678"]],
    ["as one of a maker's fields", "MAN=ELS;TYPE=AS300;SN=W-1040217;Q3=2.5", ["field W-1040217"]],
    ["in the address of a maker's page", "https://id.example.com/m?type=WM&sn=12345678&v=3", ["field 12345678"]],
    ["in JSON", '{"s":"1EMH0012345679","k":"00112233"}', ["field 1EMH0012345679"]],
    ["in GS1 with brackets", "(01)04012345678901(21)12345678(10)L77", ["field 12345678"]],
    ["in GS1 as a scanner gives it", `${FNC1}010400000000890121W-1040217${GS}10LOT9`, ["field W-1040217"]],
    ["in GS1 as the last element", "01040123456789012112345678", ["field 12345678"]],
    ["run together with what stands before it", "LGZ00W1040218X", ["contained W-1040218"]],
    ["in full-width forms", "Ｗ－１０４０２１７", ["equal W-1040217"]],
    ["in Cyrillic", "аб 4411", ["equal АБ-4411"]],
  ])("finds a serial %s", (_, code, expected) => {
    expect(found(code)).toEqual(expected);
  });

  it.each([
    ["nothing", ""],
    ["only signs", `-- ${GS} //`],
    ["another meter", "W-9999999"],
    ["a number that a short serial stands in by chance", "4007754771122"],
    ["the begin of a serial", "W-10402"],
    ["a code that would break a pattern", "(((.*+?[\\"],
  ])("finds none in %s", (_, code) => {
    expect(found(code)).toEqual([]);
  });

  it("finds a short serial where a sign sets it apart", () => {
    expect(found("K:77;Q")).toEqual(["field 77"]);
  });

  it("does not take a short serial for its last digit", () => {
    expect(found("V 1", ["0001"])).toEqual([]);
  });

  it("drops a serial that stands inside the one that was meant", () => {
    expect(found("X12345678Y")).toEqual(["contained 12345678"]);
    expect(found("SN:12345678")).toEqual(["field 12345678"]);
  });

  it("puts the surer one first and keeps both", () => {
    expect(found("12345678 W1040217")).toEqual(["field W-1040217", "field 12345678"]);
    expect(found("SN 123456 LGZ00W1040218X")).toEqual(["field 123456", "contained W-1040218"]);
  });

  it("prefers the serial in a GS1 code to a meter whose number stands in the article number", () => {
    expect(found(`${FNC1}010401234567890121123456`, ["4012345678", "123456"])).toEqual(["field 123456", "contained 4012345678"]);
  });

  it("tells of two meters with one serial both, by their places in the list", () => {
    expect(matchSerial("A-100200", ["A100200", "other", "a-100200"])).toEqual([
      { serial: "A100200", index: 0, how: "equal" },
      { serial: "a-100200", index: 2, how: "equal" },
    ]);
  });

  it("puts the serial with the same zeros before the one with other zeros", () => {
    expect(found("0012345", ["12345", "0012345", "00012345"])).toEqual(["equal 0012345", "equal 00012345", "equal 12345"]);
  });

  it("passes over meters without a serial", () => {
    expect(found("SN 1 2 3", ["", " - "])).toEqual([]);
  });
});

describe("a GS1 code", () => {
  it("is cut at fixed lengths and at separators", () => {
    expect(gs1Fields(`${FNC1}0104012345678901${GS}21AB-1${GS}1726113010L9`)).toEqual([
      { sign: "01", value: "04012345678901" },
      { sign: "21", value: "AB-1" },
      { sign: "17", value: "261130" },
      { sign: "10", value: "L9" },
    ]);
  });

  it("is none where one element is none", () => {
    expect(gs1Fields("01ABC")).toEqual([]);
    expect(gs1Fields("ELS2019")).toEqual([]);
    expect(gs1Fields("0104012345678901ZZ")).toEqual([]);
  });
});
