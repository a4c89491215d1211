/**
 * `npm run audit`: generated pairs of policies, every feature of the language in them, decided twice: by the engine as
 * users run it, by Z3 alone, and question by question by cvc5 where it is installed. Pairs of resource policies are asked
 * with linked attributes every other time. The evaluator is asked of every witness. Differences, unconfirmed witnesses and
 * undecided pairs outside the named constructs fail it; what fast-check shrinks them to is printed, to be kept as a
 * vector. Flags: `--pairs N`, `--seed N`, `--timeout-ms N` for each question.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createEngine } from '../../shared/checks/index.ts';
import { noNewAccess } from '../../shared/checks/noNewAccess.ts';
import { allReadings } from '../../shared/checks/underReadings.ts';
import { TooManyCases } from '../../shared/encoder/encodePattern.ts';
import { linkedKeysOf } from '../../shared/encoder/linkedKeys.ts';
import { agreesWithPrincipal } from '../../shared/evaluator/linkedPrincipal.ts';
import { toSmtLib } from '../../shared/formula/smtlib.ts';
import { NoScript } from '../../shared/formula/smtText.ts';
import type { Policy, PolicyType } from '../../shared/policy/ast.ts';
import { toSet } from '../../shared/policy/policySet.ts';
import { createAtomsSolver } from '../../shared/solver/atoms/atomsSolver.ts';
import { createBudget } from '../../shared/solver/budget.ts';
import { askCvc5, hasCvc5 } from '../oracle/cvc5.ts';
import { edits, isNewInSomeReading, parse, SYNTAXES } from './arbitraries.ts';
import { constructsOf } from './constructs.ts';

const { values: flags } = parseArgs({
  options: { pairs: { type: 'string' }, seed: { type: 'string' }, 'timeout-ms': { type: 'string' } },
});
const pairs = Number(flags.pairs ?? 20_000);
const seed = Number(flags.seed ?? Date.now() % 2 ** 31);
const timeoutMs = Number(flags['timeout-ms'] ?? 2_000);

const engines = [false, true].map((linkPrincipal) => ({
  linkPrincipal,
  ours: createEngine({ timeoutMs, linkPrincipal }),
  alone: createEngine({ solver: 'z3', timeoutMs, linkPrincipal }),
}));
const atoms = createAtomsSolver();
const counts = new Map<string, number>();
const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);

async function audit(existing: Policy, updated: Policy, linked: boolean): Promise<void> {
  const used = engines.find(({ linkPrincipal }) => linkPrincipal === linked);
  if (used === undefined) return;
  const ours = await used.ours.checkNoNewAccess(existing, updated);
  count(`${ours.result} by ${ours.decidedBy}`);
  if (ours.result === 'FAIL') {
    const { witness } = ours;
    const keys = [...linkedKeysOf([existing, updated])];
    const isMade = !linked || agreesWithPrincipal(witness, keys);
    if (!isMade || !isNewInSomeReading(existing, updated, witness))
      throw new Error('the evaluator does not confirm the witness');
  }
  if (ours.result === 'UNKNOWN') {
    const named = constructsOf(existing, updated);
    if (named.length === 0) throw new Error(`undecided outside the named constructs: ${ours.cause}`);
    for (const construct of named) count(`undecided with ${construct}`);
  }
  const theirs = await used.alone.checkNoNewAccess(existing, updated);
  if (theirs.result === 'UNKNOWN') count('z3 alone undecided');
  const results = [ours.result, theirs.result];
  if (results.includes('PASS') && results.includes('FAIL'))
    throw new Error(`the engine says ${ours.result}, z3 alone says ${theirs.result}`);
  if (hasCvc5) askThird(existing, updated, linked);
}

/** Puts each question to the finite decider and to cvc5. */
function askThird(existing: Policy, updated: Policy, linkPrincipal: boolean): void {
  const sides = { granted: [toSet(updated)], refused: [toSet(existing)] } as const;
  for (const { granted, refused } of allReadings(sides)) {
    for (const { question } of noNewAccess(refused[0], granted[0], { linkPrincipal }).candidates) {
      try {
        const asked = question();
        const { script, mixed } = toSmtLib(asked);
        const finite = atoms.decide(asked, createBudget({ steps: 10_000_000, timeoutMs })).kind;
        const word = askCvc5(script, timeoutMs);
        count(`cvc5 ${word.slice(0, 40)}`);
        const differs =
          (finite === 'sat' && word === 'unsat') || (finite === 'unsat' && word === 'sat' && !mixed);
        if (differs) throw new Error(`the finite decider says ${finite}, cvc5 says ${word}`);
      } catch (error) {
        if (!(error instanceof NoScript || error instanceof TooManyCases)) throw error;
        count('no script');
      }
    }
  }
}

let failed = false;
for (const [index, policyType] of (['IDENTITY_POLICY', 'RESOURCE_POLICY'] satisfies PolicyType[]).entries()) {
  let done = 0;
  const details = await fc.check(
    fc.asyncProperty(edits(policyType), async ({ existing, updated }) => {
      if (++done % 1_000 === 0) console.log(`${policyType}: ${done} pairs`);
      const linked = policyType === 'RESOURCE_POLICY' && done % 2 === 0;
      // Every way is met with links and without.
      const ways = SYNTAXES[policyType];
      const syntax = ways[(done >> 1) % ways.length];
      count(`read as ${JSON.stringify(syntax)}`);
      await audit(parse(existing, policyType, syntax), parse(updated, policyType, syntax), linked);
    }),
    { numRuns: Math.ceil(pairs / 2), seed: seed + index },
  );
  if (!details.failed) continue;
  failed = true;
  console.error(`${policyType}, seed ${details.seed}, path ${details.counterexamplePath}`);
  console.error(String(details.errorInstance));
  console.error(JSON.stringify({ policyType, ...details.counterexample?.[0] }));
}
for (const { ours, alone } of engines) for (const one of [ours, alone]) await one.close();
console.log(`seed ${seed}, ${pairs} pairs`);
console.table(Object.fromEntries([...counts].sort()));
process.exitCode = failed ? 1 : 0;
