/** The map of the round. */
export const map = {
  title: "Map",
  label: "Map of the round: {n} stops. The same stops are in the list.",
  as_list: "As a list",
  own_position: "Show where I am",
  read: "Read",
  open: "Open",
  no_places_title: "No positions to draw",
  no_places_text: "The office has no positions for the meters of this round.",
  stop: "stop {stop}",
} as const;
