/** Writes records as CloudTrail delivers them: gzipped files in folders by account, Region and day. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** CloudTrail delivers a file a Region about every five minutes; here it is one every fifteen. */
const SPAN_MS = 15 * 60_000;

type Timed = { readonly eventTime: string; readonly awsRegion: string };

/** Writes `records`, which stand in order of time, below `folder`. Returns how many records and files there are. */
export function writeTrail(
  folder: string,
  account: string,
  records: Iterable<Timed>,
): { readonly records: number; readonly files: number } {
  const waiting = new Map<string, Timed[]>();
  const count = { records: 0, files: 0 };
  let span = -1;
  for (const record of records) {
    const now = Math.floor(Date.parse(record.eventTime) / SPAN_MS);
    if (now !== span) flush();
    span = now;
    const ofRegion = waiting.get(record.awsRegion) ?? [];
    ofRegion.push(record);
    waiting.set(record.awsRegion, ofRegion);
    count.records++;
  }
  flush();
  return count;

  /** Writes what was gathered, a file a Region. */
  function flush(): void {
    for (const [region, gathered] of waiting) {
      const stamp = new Date((span + 1) * SPAN_MS).toISOString().replace(/[-:]/g, '').slice(0, 13);
      const mark = createHash('sha256').update(`${region} ${stamp}`).digest('hex').slice(0, 16);
      const day = [stamp.slice(0, 4), stamp.slice(4, 6), stamp.slice(6, 8)];
      const name = `${account}_CloudTrail_${region}_${stamp}Z_${mark}.json.gz`;
      const path = join(folder, 'AWSLogs', account, 'CloudTrail', region, ...day, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, gzipSync(JSON.stringify({ Records: gathered })));
      count.files++;
    }
    waiting.clear();
  }
}
