import { app } from "./app.ts";
import { capture } from "./capture.ts";
import { common } from "./common.ts";
import { map } from "./map.ts";
import { metering } from "./metering.ts";
import { found, more } from "./more.ts";
import { queue } from "./queue.ts";
import { reading } from "./reading.ts";
import { route } from "./route.ts";
import { sync } from "./sync.ts";
import { units } from "./units.ts";

export const hi = { app, capture, common, found, map, metering, more, queue, reading, route, sync, units };
