/** Different texts that are one number, one instant, one address, one run of bytes. A key may hold both. */
import { parseAddress } from '../policy/cidr.ts';
import { parseDecimal } from '../policy/decimal.ts';
import type { ValueTest } from './formula.ts';

/**
 * Returns another text that reads the same, or undefined when there is none: an address of version 4, whole groups of
 * three bytes. `value` is as the formatters of numbers, instants and addresses write it.
 */
export function respell(view: Exclude<ValueTest['kind'], 'text'>, value: string): string | undefined {
  switch (view) {
    case 'number':
    case 'date':
      if (parseDecimal(value) !== undefined) return value.includes('.') ? `${value}0` : `${value}.0`;
      return value.endsWith('Z') ? value.replace(/Z$/, '+00:00') : undefined;
    case 'binary':
      return value.endsWith('=') ? value.replace(/=+$/, '') : undefined;
    case 'ip': {
      const address = parseAddress(value);
      return address?.version === 6 ? withDottedTail(address.value) : undefined;
    }
  }
}

/** An address of version 6 whose last 32 bits are written as version 4 is; formatters never do so. */
function withDottedTail(value: bigint): string {
  const groups = [112n, 96n, 80n, 64n, 48n, 32n].map((shift) => ((value >> shift) & 0xffffn).toString(16));
  const bytes = [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn);
  return `${groups.join(':')}:${bytes.join('.')}`;
}
