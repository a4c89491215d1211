/** What the checks say of policies that changed, are new, or are gone. What could not be read or resolved never passes. */
import type { Engine } from '../../shared/checks/index.ts';
import type { Verdict } from '../../shared/checks/verdict.ts';
import type { Policy, PolicyType } from '../../shared/policy/ast.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import type { Config } from '../../shared/runtime/config.ts';
import type { InputProblem } from '../input/inputError.ts';
import type { CheckName, CheckResult } from '../output/checkResult.ts';
import type { FoundPolicy, PolicyPair } from './findPolicies.ts';
import { UNKNOWN_ACCOUNT } from './intrinsics.ts';

export type JudgedPolicy = {
  readonly file: string;
  /** Empty where the file is the policy. */
  readonly subject: string;
  readonly change: 'changed' | 'new' | 'removed';
  /** What was asked, each with its answer; for a new policy what no policy may grant. */
  readonly results: readonly CheckResult[];
};

export type Outcome = JudgedPolicy | { readonly problems: readonly InputProblem[] };

type Dependencies = {
  readonly engine: Engine;
  readonly config: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>;
};

/** Returns the answers on one pair; undefined iff nothing in it changed. */
export async function judgePair(
  file: string,
  { subject, before, after }: PolicyPair,
  dependencies: Dependencies,
): Promise<Outcome | undefined> {
  if (before?.text === after?.text && sameFindings(before, after)) return undefined;
  const change = before === undefined ? 'new' : after === undefined ? 'removed' : 'changed';
  const judged = { file, subject, change } as const;
  if (after === undefined) return { ...judged, results: before === undefined ? [] : [removed(file, before)] };
  // Who is named may come or go; the grammar of both is then that of a resource's policy.
  const policyType = before?.policyType === 'RESOURCE_POLICY' ? before.policyType : after.policyType;
  const now = parse(after, policyType, file);
  if ('problems' in now) return now;
  const was = before === undefined ? undefined : parse(before, policyType, file);
  const result = (check: CheckName, verdict: Verdict): CheckResult => ({
    check,
    verdict,
    policy: now.policy,
    file,
    ...(subject === '' ? {} : { subject, regionOf: (index: number) => after.regionOf(['Statement', index]) }),
  });
  const [unreadable] = after.findings.unreadable;
  if (unreadable !== undefined)
    return { ...judged, results: [result('check-no-new-access', unknown(unreadable))] };
  const results: CheckResult[] = [];
  if (before !== undefined && was !== undefined) {
    const verdict = await compare(before, after, was, now.policy, dependencies);
    results.push(result('check-no-new-access', verdict));
  }
  const known = was !== undefined && 'policy' in was ? was.policy : undefined;
  for (const { check, ask } of questions(after, dependencies)) {
    const verdict = await ask(now.policy);
    // What failed before is nothing that this change did.
    const isOld = verdict.result === 'FAIL' && known !== undefined && (await ask(known)).result === 'FAIL';
    if (!isOld) results.push(result(check, strict(verdict, [after])));
  }
  return { ...judged, results };
}

type Parsed = { readonly policy: Policy } | { readonly problems: readonly InputProblem[] };

function parse(found: FoundPolicy, policyType: PolicyType, file: string): Parsed {
  const [unreadable] = found.findings.unreadable;
  // Known only later: there is no text yet, and the answer says so.
  const text = unreadable !== undefined && found.text === '' ? '{"Statement":[]}' : found.text;
  const parsed = parsePolicy(text, { policyType, sourceName: file });
  if (parsed.ok) return parsed;
  return {
    problems: parsed.problems.map(({ message, path, position }) => {
      const steps = [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
      const region = found.regionOf(steps);
      const place = region === undefined ? position : { line: region.startLine, column: region.startColumn };
      return {
        source: file,
        path: found.subject === '' ? path : `${found.subject} ${path}`,
        message,
        // The lines of a text that stands inside a plan are no lines of its file.
        ...(place === undefined || (region === undefined && found.subject !== '')
          ? {}
          : { line: place.line, column: place.column }),
      };
    }),
  };
}

async function compare(
  before: FoundPolicy,
  after: FoundPolicy,
  was: Parsed,
  now: Policy,
  { engine }: Dependencies,
): Promise<Verdict> {
  if ('problems' in was) {
    const [problem] = was.problems;
    return unknown(`the former document cannot be read: ${problem?.message ?? 'it does not parse'}`);
  }
  const [unreadable] = before.findings.unreadable;
  if (unreadable !== undefined) return unknown(`the former document: ${unreadable}`);
  const verdict = await engine.checkNoNewAccess(was.policy, now);
  return strict(verdict, [before, after]);
}

/**
 * A name that stands for a value nobody knows may be equal to another name, or to everything. A PASS holds all the same
 * where whatever names it stands on both sides word by word, and no Deny changed; else nothing is known.
 */
function strict(verdict: Verdict, sides: readonly FoundPolicy[]): Verdict {
  const [before, after = before] = sides;
  if (verdict.result !== 'PASS' || before === undefined || after === undefined) return verdict;
  const names = new Set(sides.flatMap(({ findings }) => [...findings.names]));
  const isOld = sides.some(({ text, findings }) => findings.variables.size > 0 && !/"2012-10-17"/.test(text));
  const [name] = isOld ? sides.flatMap(({ findings }) => [...findings.variables]) : names;
  if (name === undefined) return verdict;
  const [old, now] = [statementsOf(before), statementsOf(after)];
  const denies = (statements: readonly string[]) =>
    statements.filter((text) => text.includes('"Effect":"Deny"')).sort();
  const isSame =
    sides.length > 1 &&
    !isOld &&
    JSON.stringify(denies(old)) === JSON.stringify(denies(now)) &&
    now.filter(isOpaque).every((text) => old.includes(text));
  return isSame
    ? verdict
    : unknown(`\`${name}\` has no value in the template, and what the policy grants depends on it`);
}

const isOpaque = (statement: string) => statement.includes('unknown-') || statement.includes(UNKNOWN_ACCOUNT);

function statementsOf({ text }: FoundPolicy): string[] {
  const { Statement: statements } = JSON.parse(text) as { Statement?: unknown }; // Parsed as a policy before.
  return [statements].flat().map((statement) => JSON.stringify(statement));
}

type Question = { readonly check: CheckName; readonly ask: (policy: Policy) => Promise<Verdict> };

function questions({ policyType, resourceType }: FoundPolicy, { engine, config }: Dependencies): Question[] {
  const { criticalAccess, zoneOfTrust } = config;
  const access = criticalAccess.map(({ actions, resources }) => ({
    ...(actions === undefined ? {} : { actions }),
    ...(resources === undefined ? {} : { resources }),
  }));
  const asked: Question[] = [];
  if (access.length > 0)
    asked.push({
      check: 'check-access-not-granted',
      ask: (policy) => engine.checkAccessNotGranted(policy, access),
    });
  if (policyType === 'RESOURCE_POLICY' && resourceType !== undefined) {
    asked.push({
      check: 'check-no-public-access',
      ask: (policy) => engine.checkNoPublicAccess(policy, resourceType),
    });
    // Without a zone of trust everybody but the public would be outside it.
    if (zoneOfTrust.accounts.length + zoneOfTrust.organizations.length > 0)
      asked.push({
        check: 'check-no-external-access',
        ask: (policy) =>
          engine.checkNoExternalAccess(policy, {
            ...zoneOfTrust,
            accounts: [...zoneOfTrust.accounts, UNKNOWN_ACCOUNT],
          }),
      });
  }
  return asked;
}

/** A policy that is gone grants nothing; one that denied may have kept others from granting. */
function removed(file: string, before: FoundPolicy): CheckResult {
  const parsed = parsePolicy(before.text, { policyType: before.policyType, sourceName: file });
  const empty = parsePolicy('{"Statement":[]}', { policyType: before.policyType });
  if (!empty.ok) throw new Error('an empty policy parses');
  const denies = !parsed.ok || parsed.policy.statements.some(({ effect }) => effect === 'Deny');
  return {
    check: 'check-no-new-access',
    policy: empty.policy,
    file,
    ...(before.subject === '' ? {} : { subject: before.subject }),
    verdict: denies
      ? unknown('the policy is gone, and it denied access that something else may grant')
      : {
          result: 'PASS',
          message: 'The policy is gone; it grants nothing.',
          reasons: [],
          decidedBy: 'atoms',
        },
  };
}

function unknown(cause: string): Verdict {
  return {
    result: 'UNKNOWN',
    message: 'The check could not be decided.',
    reasons: [],
    decidedBy: 'atoms',
    cause,
  };
}

function sameFindings(before: FoundPolicy | undefined, after: FoundPolicy | undefined): boolean {
  return before?.findings.unreadable.size === 0 && after?.findings.unreadable.size === 0;
}
