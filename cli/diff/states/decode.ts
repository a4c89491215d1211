/** Bytes of a file → text: UTF-8 or UTF-16, with or without a byte order mark. */

/** Returns the text; undefined for bytes that are none. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return decode(bytes.subarray(2), 'utf-16le');
  if (a === 0xfe && b === 0xff) return decode(bytes.subarray(2), 'utf-16be');
  if (a === 0xef && b === 0xbb && c === 0xbf) return decode(bytes.subarray(3), 'utf-8');
  // ASCII in UTF-16 has a zero in every other byte.
  if (a === 0 && b !== 0 && b !== undefined) return decode(bytes, 'utf-16be');
  if (b === 0 && a !== 0 && a !== undefined) return decode(bytes, 'utf-16le');
  return bytes.subarray(0, 8000).includes(0) ? undefined : decode(bytes, 'utf-8');
}

/** Bytes that are no UTF-8 are read all the same: what a policy consists of is ASCII. */
function decode(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): string | undefined {
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0') ? undefined : text;
}
