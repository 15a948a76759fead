/**
 * Lets the person take a photo or choose files, by the browser's own means. Call it in a tap.
 * @param camera Opens the camera at once; undefined: the browser asks camera or gallery.
 * @returns nothing when the person turned back.
 */
export function pickFiles(accept: string, camera?: "environment"): Promise<readonly File[]> {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.multiple = camera === undefined;
  if (camera !== undefined) input.setAttribute("capture", camera);
  // Some browsers tell nobody of an input that is in no page.
  input.hidden = true;
  document.body.append(input);
  return new Promise((resolve) => {
    const end = () => {
      const files = [...(input.files ?? [])];
      input.remove();
      resolve(files);
    };
    input.addEventListener("change", end, { once: true });
    input.addEventListener("cancel", end, { once: true });
    input.click();
  });
}

/** As `pickFiles`, one at most. */
export async function pickFile(accept: string, camera?: "environment"): Promise<File | null> {
  const [file] = await pickFiles(accept, camera);
  return file ?? null;
}
