// Scans the files that the page hands in.

onmessage = async ({ data }) => {
  try {
    const source = fetch(new URL("prodcheck.wasm", self.location.href));
    const { instance } = await WebAssembly.instantiateStreaming(source, {});
    const { memory, take, scan } = instance.exports;
    const request = new TextEncoder().encode(JSON.stringify(data));
    const at = take(request.length);
    new Uint8Array(memory.buffer, at, request.length).set(request);
    const answer = BigInt.asUintN(64, scan(at, request.length));
    const text = new Uint8Array(memory.buffer, Number(answer >> 32n), Number(answer & 0xffffffffn));
    postMessage(JSON.parse(new TextDecoder().decode(text)));
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
