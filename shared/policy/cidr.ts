/** Addresses and address ranges, version 4 and 6, as numbers. The two versions never meet. */
import ipaddr from 'ipaddr.js';
import type { IpRange } from './ast.ts';

type Address = { readonly version: 4 | 6; readonly value: bigint };

const BITS = { 4: 32, 6: 128 } as const;

/** Returns the address, or undefined when the text is none. Version 4 in four decimal parts only; no zone ids. */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return toAddress(4, ipaddr.IPv4.parse(text).toByteArray());
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return toAddress(6, ipaddr.IPv6.parse(text).toByteArray());
}

function toAddress(version: 4 | 6, bytes: readonly number[]): Address {
  return { version, value: bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n) };
}

/**
 * Returns the range of `address/length`, or of the one address when there is no length; undefined when the text is
 * neither. Bits after the prefix are ignored, as AWS ignores them.
 */
export function parseCidr(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = BITS[address.version];
  const length = slash < 0 ? String(bits) : text.slice(slash + 1);
  const prefixLength = Number(length);
  if (!/^\d{1,3}$/.test(length) || prefixLength > bits) return undefined;
  const size = 2n ** BigInt(bits - prefixLength);
  const first = (address.value / size) * size;
  return { version: address.version, first, last: first + size - 1n, prefixLength };
}

/** Returns the address in its usual notation. */
export function formatAddress({ version, value }: Address): string {
  const bytes = Array.from({ length: BITS[version] / 8 }, (_, index) =>
    Number((value >> BigInt(BITS[version] - 8 * (index + 1))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}
