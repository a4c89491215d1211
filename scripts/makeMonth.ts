/**
 * Writes a made month of an account in CloudTrail's folders, with the account's configuration:
 * `node scripts/makeMonth.ts --out FOLDER [--seed 1]`, then
 * `ratchet replay FOLDER --config FOLDER/ratchet.config.jsonc`. Prints the harmful changes in it. Beside it stands the
 * configuration for the first edition, which knew no identity providers.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCOUNT } from '../test/month/account.ts';
import { MONTH_CONFIGURATION, makeMonth } from '../test/month/makeMonth.ts';
import { writeTrail } from './writeTrail.ts';

const { values } = parseArgs({
  options: { out: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
if (values.out === undefined) throw new Error('say with --out into which folder the month is to be written');

const month = makeMonth({ seed: Number(values.seed) });
const { records, files } = writeTrail(values.out, ACCOUNT, month.records);
mkdirSync(values.out, { recursive: true });
const write = (name: string, configuration: object) =>
  writeFileSync(join(values.out ?? '', name), `${JSON.stringify(configuration, null, 2)}\n`);
write('ratchet.config.jsonc', MONTH_CONFIGURATION);
const { identityProviders: _, ...zoneOfTrust } = MONTH_CONFIGURATION.zoneOfTrust;
write('first-edition.config.jsonc', { ...MONTH_CONFIGURATION, zoneOfTrust });
console.log(`${records} records in ${files} files under ${values.out}`);
for (const { eventId, what } of month.planted) console.log(`${eventId}  ${what}`);
