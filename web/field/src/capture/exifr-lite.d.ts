// The smaller build of exifr has no types of its own; it reads JPEG and HEIC, which is what cameras write.
declare module "exifr/dist/lite.esm.mjs" {
  export { parse } from "exifr";
}
