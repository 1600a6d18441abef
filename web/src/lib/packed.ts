// A text in an address: deflated, base64url. Short texts only; a longer one is saved, and the address names the file.

const MOST = 6000;

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const body = new Blob([bytes as BlobPart]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array>);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** The text as part of an address, or null where it would be too long for one. */
export async function packed(text: string): Promise<string | null> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const made = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return made.length > MOST ? null : made;
}

/** The text that `packed` put into an address; null where it is none. */
export async function unpacked(made: string): Promise<string | null> {
  try {
    const binary = atob(made.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await bounded(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const LARGEST = 64_000;

// A few bytes can unfold into gigabytes: reading stops at what a what-if may hold.
async function bounded(bytes: Uint8Array): Promise<Uint8Array> {
  const reader = new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw') as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader();
  const parts: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) {
      await reader.cancel();
      throw new Error('too large');
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
