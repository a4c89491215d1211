/**
 * Writes a made-up trail in CloudTrail's folders, for `ratchet replay` at full size:
 * `node scripts/makeTrail.ts --out FOLDER [--events 200000] [--days 30] [--seed 1]`. The same seed gives the same trail.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type MadeRecord, makeTrail, TRAIL_ACCOUNT } from './trail.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    events: { type: 'string', default: '200000' },
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
});
if (values.out === undefined) throw new Error('say with --out into which folder the trail is to be written');
const folder = values.out;

/** CloudTrail delivers a file a Region about every five minutes; here it is one every fifteen. */
const SPAN_MS = 15 * 60_000;
const files = new Map<string, MadeRecord[]>();
let written = 0;
let count = 0;
const from = new Date('2026-09-01T00:00:00Z');
const trail = makeTrail({
  seed: Number(values.seed),
  events: Number(values.events),
  days: Number(values.days),
  from,
});
let span = -1;
for (const record of trail) {
  const now = Math.floor(Date.parse(record.eventTime) / SPAN_MS);
  if (now !== span) flush();
  span = now;
  const records = files.get(record.awsRegion) ?? [];
  records.push(record);
  files.set(record.awsRegion, records);
  count++;
}
flush();
console.log(`${count} records in ${written} files under ${folder}`);

/** Writes what was gathered, a file a Region. */
function flush(): void {
  for (const [region, records] of files) {
    const stamp = new Date((span + 1) * SPAN_MS).toISOString().replace(/[-:]/g, '').slice(0, 13);
    const mark = createHash('sha256').update(`${region} ${stamp}`).digest('hex').slice(0, 16);
    const day = [stamp.slice(0, 4), stamp.slice(4, 6), stamp.slice(6, 8)];
    const name = `${TRAIL_ACCOUNT}_CloudTrail_${region}_${stamp}Z_${mark}.json.gz`;
    const path = join(folder, 'AWSLogs', TRAIL_ACCOUNT, 'CloudTrail', region, ...day, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync(JSON.stringify({ Records: records })));
    written++;
  }
  files.clear();
}
