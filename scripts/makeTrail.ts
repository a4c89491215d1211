/**
 * Writes a made-up trail in CloudTrail's folders, for `ratchet replay` at full size:
 * `node scripts/makeTrail.ts --out FOLDER [--events 200000] [--days 30] [--seed 1]`. The same seed gives the same trail.
 */
import { parseArgs } from 'node:util';
import { makeTrail, TRAIL_ACCOUNT } from './trail.ts';
import { writeTrail } from './writeTrail.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    events: { type: 'string', default: '200000' },
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
});
if (values.out === undefined) throw new Error('say with --out into which folder the trail is to be written');
const trail = makeTrail({
  seed: Number(values.seed),
  events: Number(values.events),
  days: Number(values.days),
  from: new Date('2026-09-01T00:00:00Z'),
});
const { records, files } = writeTrail(values.out, TRAIL_ACCOUNT, trail);
console.log(`${records} records in ${files} files under ${values.out}`);
