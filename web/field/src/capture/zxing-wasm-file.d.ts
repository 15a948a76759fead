// Vite serves the file from our own origin and gives its address.
declare module "zxing-wasm/reader/zxing_reader.wasm?url" {
  const address: string;
  export default address;
}
