/** A picture that was decoded, upright. `close` gives its memory back. */
export type OpenPicture = { source: CanvasImageSource; width: number; height: number; close: () => void };

/** A canvas with a picture on it. */
export type Sheet = { source: CanvasImageSource; width: number; height: number; jpeg: (quality: number) => Promise<Blob>; close: () => void };

/** Where pictures are decoded and drawn: in a worker, or in the page where the browser's workers cannot draw. */
export type Easel = { open: (file: Blob) => Promise<OpenPicture>; draw: (picture: CanvasImageSource, width: number, height: number) => Sheet };

/** Needs OffscreenCanvas and createImageBitmap; works in workers. */
export const offscreenEasel: Easel = {
  open: async (file) => {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    return {
      source: bitmap,
      width: bitmap.width,
      height: bitmap.height,
      close: () => {
        bitmap.close();
      },
    };
  },
  draw: (picture, width, height) => {
    const canvas = new OffscreenCanvas(width, height);
    paint(canvas.getContext("2d"), picture, width, height);
    return {
      source: canvas,
      width,
      height,
      jpeg: (quality) => canvas.convertToBlob({ type: "image/jpeg", quality }),
      close: () => {
        canvas.width = canvas.height = 0;
      },
    };
  },
};

/** Needs a page. Opens what the browser's <img> opens, which may be more than its bitmaps do. */
export const pageEasel: Easel = {
  open: async (file) => {
    const address = URL.createObjectURL(file);
    const image = new Image();
    const close = () => {
      image.removeAttribute("src");
      URL.revokeObjectURL(address);
    };
    image.src = address;
    try {
      await image.decode();
    } catch (error) {
      close();
      throw error;
    }
    return { source: image, width: image.naturalWidth, height: image.naturalHeight, close };
  },
  draw: (picture, width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    paint(canvas.getContext("2d"), picture, width, height);
    return {
      source: canvas,
      width,
      height,
      jpeg: (quality) =>
        new Promise((resolve, reject) => {
          canvas.toBlob(
            (blob) => {
              if (blob === null) reject(new Error("The canvas has no memory for a picture."));
              else resolve(blob);
            },
            "image/jpeg",
            quality,
          );
        }),
      close: () => {
        canvas.width = canvas.height = 0;
      },
    };
  },
};

type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function paint(brush: Brush | null, picture: CanvasImageSource, width: number, height: number): void {
  if (brush === null) throw new Error("There is no memory for a canvas.");
  // JPEG knows no transparency; what shows through would be black.
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, width, height);
  brush.imageSmoothingEnabled = true;
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, 0, 0, width, height);
}
