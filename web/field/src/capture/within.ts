/** Width and height so that the longest side is at most `longest` pixels; nothing is enlarged. */
export function within(width: number, height: number, longest: number): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}
