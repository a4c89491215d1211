/**
 * `npm run bench:tighten`: every real update that widens, tightened. Prints how many texts pass, how many are exactly
 * the text before, how many lose access that both versions grant, and the time. `--every N` takes every Nth of them.
 */
import { parseArgs } from 'node:util';
import { createEngine } from '../../shared/checks/index.ts';
import type { RoledPolicy } from '../../shared/checks/proveRestore.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { corpusPairs } from './corpus.ts';

const { values: flags } = parseArgs({ options: { every: { type: 'string' } } });
const every = Number(flags.every ?? 1);
const engine = createEngine();

function document(text: string): RoledPolicy {
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { name: 'document', role: 'grant', policy: parsed.policy };
}

const counts = { widening: 0, passes: 0, existing: 0, losesOld: 0, declined: 0 };
const times: number[] = [];
const odd: string[] = [];
for (const [index, { id, before, after }] of corpusPairs().entries()) {
  if (index % every !== 0) continue;
  const [existing, updated] = [document(before), document(after)];
  if ((await engine.checkNoNewAccess(existing.policy, updated.policy)).result !== 'FAIL') continue;
  counts.widening++;
  const start = performance.now();
  const tightened = await engine.tighten({ existing: [existing], updated: [updated] });
  times.push(performance.now() - start);
  if (tightened.result === 'declined') {
    counts.declined++;
    odd.push(`${id}: ${tightened.cause}`);
    continue;
  }
  if (tightened.verdict.result === 'PASS') counts.passes++;
  if (tightened.isExisting) counts.existing++;
  if (tightened.losesOld) {
    counts.losesOld++;
    odd.push(`${id}: loses ${JSON.stringify(tightened.lost)}`);
  }
}
await engine.close();

times.sort((a, b) => a - b);
const at = (part: number) =>
  (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1);
console.log(`${counts.widening} real updates that widen`);
console.log(`${counts.passes} tightened texts pass, ${counts.declined} declined`);
console.log(`${counts.existing} are exactly the text before`);
console.log(`${counts.losesOld} lose access that both versions grant`);
console.log(`p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`);
for (const line of odd.slice(0, 40)) console.log(`  ${line}`);
