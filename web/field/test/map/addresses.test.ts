import { describe, expect, it } from "vitest";

import { partsOf } from "../../src/map/addresses.ts";

describe("the street of an address", () => {
  it.each([
    ["Storegade 12B, 2. tv", "Storegade", 12],
    ["12 Main Street", "Main Street", 12],
    ["12B Main Street, Springfield", "Main Street", 12],
    ["12, Main Street", "Main Street", 12],
    ["Korjatovycha Square 4, Mukachevo", "Korjatovycha Square", 4],
    ["ул. Ленина, д. 5", "ул. Ленина", 5],
    ["вул. Корятовича, 7а", "вул. Корятовича", 7],
    ["улица Мира 14/2", "улица Мира", 14],
    ["गांधी मार्ग 12", "गांधी मार्ग", 12],
    ["गांधी मार्ग १२", "गांधी मार्ग", 12],
    ["14-16 St Anne's Terrace", "St Anne's Terrace", 14],
    ["Rue de la Paix n° 3", "Rue de la Paix", 3],
    ["3rd Avenue 17", "3rd Avenue", 17],
    ["  Mill   Lane  ", "Mill Lane", null],
    ["Mill Lane, Svendborg", "Mill Lane", null],
  ])("of “%s” is %s, number %s", (address, street, number) => {
    expect(partsOf(address)).toEqual({ street, number });
  });

  it.each([["", null], ["12", 12], ["12B, 3", 12], ["№ 4", 4], [", ;", null], ["A 7", 7]])("is none in “%s”", (address, number) => {
    expect(partsOf(address)).toEqual({ street: null, number });
  });
});
