/** Values that a key of a witness can plainly hold. They are proposals; whoever takes one has it confirmed. */

import type { Request } from '../evaluator/request.ts';
import { parseArn } from '../policy/arn.ts';
import { toTable } from '../policy/table.ts';

const ACCOUNT = '111122223333';

/** What AWS writes in well-known keys. */
const BY_KEY = toTable<readonly string[]>({
  'aws:sourceip': ['203.0.113.5', '198.51.100.7', '10.0.0.5'],
  'aws:vpcsourceip': ['10.0.0.5'],
  'aws:sourcevpc': ['vpc-0123456789abcdef0'],
  'aws:sourcevpce': ['vpce-0123456789abcdef0'],
  'aws:principalorgid': ['o-a1b2c3d4e5'],
  'aws:resourceorgid': ['o-a1b2c3d4e5'],
  'aws:sourceorgid': ['o-a1b2c3d4e5'],
  'aws:principalaccount': [ACCOUNT],
  'aws:resourceaccount': [ACCOUNT],
  'aws:sourceaccount': [ACCOUNT],
  'aws:username': ['Alice'],
  'aws:userid': ['AIDACKCEVSQ6C2EXAMPLE'],
});

const BY_TYPE = toTable<readonly string[]>({
  ARN: [`arn:aws:iam::${ACCOUNT}:role/Example`],
  ArrayOfARN: [`arn:aws:iam::${ACCOUNT}:role/Example`],
});

/** Returns values for the key, of the reference's type where it has one, most telling first. */
export function plainValues(key: string, type: string | undefined, { resource }: Request): string[] {
  const folded = key.toLowerCase();
  const { region } = parseArn(resource);
  return [
    ...(folded === 'aws:requestedregion'
      ? [region === '' ? 'us-east-1' : region, 'us-east-1', 'eu-west-1']
      : []),
    ...(BY_KEY[folded] ?? []),
    ...(BY_TYPE[type ?? ''] ?? []),
    'example',
    'value',
  ];
}
