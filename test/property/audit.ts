/**
 * `npm run audit`: generated pairs of policies, every feature of the language in them, decided twice: by the engine as
 * users run it and by Z3 alone. The evaluator is asked of every witness. Differences, unconfirmed witnesses and
 * undecided pairs outside the named constructs fail it; what fast-check shrinks them to is printed, to be kept as a
 * vector. Flags: `--pairs N`, `--seed N`, `--timeout-ms N` for each question.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createEngine } from '../../shared/checks/index.ts';
import type { Policy, PolicyType } from '../../shared/policy/ast.ts';
import { edits, isNewInSomeReading, parse } from './arbitraries.ts';
import { constructsOf } from './constructs.ts';

const { values: flags } = parseArgs({
  options: { pairs: { type: 'string' }, seed: { type: 'string' }, 'timeout-ms': { type: 'string' } },
});
const pairs = Number(flags.pairs ?? 20_000);
const seed = Number(flags.seed ?? Date.now() % 2 ** 31);
const timeoutMs = Number(flags['timeout-ms'] ?? 2_000);

const engine = createEngine({ timeoutMs });
const alone = createEngine({ solver: 'z3', timeoutMs });
const counts = new Map<string, number>();
const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);

async function audit(existing: Policy, updated: Policy): Promise<void> {
  const ours = await engine.checkNoNewAccess(existing, updated);
  count(`${ours.result} by ${ours.decidedBy}`);
  if (ours.result === 'FAIL') {
    const { witness } = ours;
    if (!isNewInSomeReading(existing, updated, witness))
      throw new Error('the evaluator does not confirm the witness');
  }
  if (ours.result === 'UNKNOWN') {
    const named = constructsOf(existing, updated);
    if (named.length === 0) throw new Error(`undecided outside the named constructs: ${ours.cause}`);
    for (const construct of named) count(`undecided with ${construct}`);
  }
  const theirs = await alone.checkNoNewAccess(existing, updated);
  if (theirs.result === 'UNKNOWN') count('z3 alone undecided');
  const results = [ours.result, theirs.result];
  if (results.includes('PASS') && results.includes('FAIL'))
    throw new Error(`the engine says ${ours.result}, z3 alone says ${theirs.result}`);
}

let failed = false;
for (const [index, policyType] of (['IDENTITY_POLICY', 'RESOURCE_POLICY'] satisfies PolicyType[]).entries()) {
  let done = 0;
  const details = await fc.check(
    fc.asyncProperty(edits(policyType), async ({ existing, updated }) => {
      if (++done % 1_000 === 0) console.log(`${policyType}: ${done} pairs`);
      await audit(parse(existing, policyType), parse(updated, policyType));
    }),
    { numRuns: Math.ceil(pairs / 2), seed: seed + index },
  );
  if (!details.failed) continue;
  failed = true;
  console.error(`${policyType}, seed ${details.seed}, path ${details.counterexamplePath}`);
  console.error(String(details.errorInstance));
  console.error(JSON.stringify({ policyType, ...details.counterexample?.[0] }));
}
await engine.close();
await alone.close();
console.log(`seed ${seed}, ${pairs} pairs`);
console.table(Object.fromEntries([...counts].sort()));
process.exitCode = failed ? 1 : 0;
