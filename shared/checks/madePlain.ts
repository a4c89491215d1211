/** Models whose caller was made up to fit, with one of AWS's own in its place. They are proposals; whoever takes one has it confirmed. */
import type { Model } from '../formula/formula.ts';
import { PARTITIONS } from '../policy/arn.ts';

const MADE_UP_PARTITION = new RegExp(`^(AWS:[^:]*:arn:)(?!(?:${PARTITIONS.join('|')}):)[^:]+`);

const MADE_UP_SERVICE = /^Service:(?:.{1,3}\.amazonaws\.com|.{1,3}(?:\..{1,3})?)$/su;

/** Returns the model with a partition or service of AWS's in place of one that was made up to fit. */
export function madePlain({ scalars, keys }: Model): Model[] {
  const { principal } = scalars;
  const plain = MADE_UP_PARTITION.test(principal)
    ? PARTITIONS.map((partition) => principal.replace(MADE_UP_PARTITION, `$1${partition}`))
    : MADE_UP_SERVICE.test(principal)
      ? ['Service:cloudtrail.amazonaws.com']
      : [];
  return plain.map((one) => ({ scalars: { ...scalars, principal: one }, keys }));
}
