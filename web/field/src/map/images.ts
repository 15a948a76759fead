import type { Palette } from "./palette.ts";
import type { PinState } from "./stops.ts";

/** Pixels of an image per CSS pixel. */
export const SHARPNESS = 2;

const FONT = '"Inter Variable", "Noto Sans Devanagari Variable", system-ui, sans-serif';

/**
 * Draws what the map asks for by name: `pin:todo`, `chosen:104`, `cluster:12`, `street:Mill Lane`. The map has no fonts of its own, so
 * that words are pictures. null: no such name.
 */
export function drawImage(name: string, palette: Palette): ImageData | null {
  const colon = name.indexOf(":");
  const [kind, what] = [name.slice(0, colon), name.slice(colon + 1)];
  switch (kind) {
    case "pin":
      return draw(26, 26, (pen) => {
        drawPin(pen, what as PinState, palette);
      });
    case "chosen":
      return draw(48, 60, (pen) => {
        drawChosen(pen, what, palette);
      });
    case "cluster":
      return draw(44, 44, (pen) => {
        circle(pen, 22, 20, palette.cluster, palette.hollow, 3);
        write(pen, what, 22, 22.5, 15, 650, palette.onCluster);
      });
    case "street": {
      const width = Math.ceil(widthOf(what, 12, 500)) + 12;
      return draw(width, 20, (pen) => {
        pen.lineJoin = "round";
        pen.lineWidth = 4;
        pen.strokeStyle = palette.street;
        pen.font = `500 12px ${FONT}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.strokeText(what, width / 2, 10);
        write(pen, what, width / 2, 10, 12, 500, palette.label);
      });
    }
    default:
      return null;
  }
}

/**
 * Loads the letters that an image of this name is drawn with: on a canvas a font that is not there yet is replaced in silence. Without
 * network and never used before they are not to be had, and the phone's own do.
 */
export async function lettersOf(name: string): Promise<void> {
  const text = name.slice(name.indexOf(":") + 1);
  if (name.startsWith("pin:") || text === "") return;
  await document.fonts.load(`600 16px ${FONT}`, text).catch((error: unknown) => {
    if (!(error instanceof DOMException)) throw error;
  });
}

/** Shape and fill tell the state as well as the colour does. */
function drawPin(pen: CanvasRenderingContext2D, state: PinState, palette: Palette): void {
  const colour = palette.pin[state];
  if (state === "todo") {
    circle(pen, 13, 9, palette.hollow, colour, 4);
    return;
  }
  if (state === "problem") {
    pen.beginPath();
    pen.moveTo(13, 2);
    pen.lineTo(24, 23);
    pen.lineTo(2, 23);
    pen.closePath();
    pen.fillStyle = colour;
    pen.strokeStyle = palette.hollow;
    pen.lineWidth = 2;
    pen.lineJoin = "round";
    pen.fill();
    pen.stroke();
    write(pen, "!", 13, 16, 14, 700, "#1A1000");
    return;
  }
  circle(pen, 13, 10, state === "syncing" ? palette.hollow : colour, state === "syncing" ? colour : palette.hollow, 2.5);
  pen.strokeStyle = state === "syncing" ? colour : palette.onPin;
  pen.lineWidth = 2.5;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.beginPath();
  if (state === "skipped") {
    pen.moveTo(8.5, 13);
    pen.lineTo(17.5, 13);
  } else {
    pen.moveTo(8.5, 13.5);
    pen.lineTo(11.7, 16.5);
    pen.lineTo(17.5, 10);
  }
  pen.stroke();
}

function drawChosen(pen: CanvasRenderingContext2D, number: string, palette: Palette): void {
  pen.beginPath();
  pen.arc(24, 24, 20, Math.PI * 0.83, Math.PI * 0.17);
  pen.lineTo(24, 57);
  pen.closePath();
  pen.fillStyle = palette.chosen;
  pen.strokeStyle = palette.hollow;
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.fill();
  pen.stroke();
  if (number === "") circle(pen, 24, 7, palette.onChosen, palette.onChosen, 0);
  else write(pen, number, 24, 25, number.length > 3 ? 12 : 15, 700, palette.onChosen);
}

function circle(pen: CanvasRenderingContext2D, middle: number, radius: number, fill: string, edge: string, width: number): void {
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, Math.PI * 2);
  pen.fillStyle = fill;
  pen.fill();
  if (width === 0) return;
  pen.strokeStyle = edge;
  pen.lineWidth = width;
  pen.stroke();
}

function write(pen: CanvasRenderingContext2D, text: string, x: number, y: number, size: number, weight: number, colour: string): void {
  pen.font = `${weight} ${size}px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

let measuring: CanvasRenderingContext2D | null = null;

function widthOf(text: string, size: number, weight: number): number {
  measuring ??= document.createElement("canvas").getContext("2d");
  if (measuring === null) return text.length * size * 0.6;
  measuring.font = `${weight} ${size}px ${FONT}`;
  return measuring.measureText(text).width;
}

function draw(width: number, height: number, paint: (pen: CanvasRenderingContext2D) => void): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = width * SHARPNESS;
  canvas.height = height * SHARPNESS;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (pen === null) return null;
  pen.scale(SHARPNESS, SHARPNESS);
  paint(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
