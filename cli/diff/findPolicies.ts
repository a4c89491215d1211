/** The policies of a file, whatever sort of file it is: a policy itself, a template, a plan. Pure. */
import type { PolicyType } from '../../shared/policy/ast.ts';
import type { Region } from '../output/checkResult.ts';
import { findInTemplate, isTemplate } from './cloudFormation.ts';
import type { Findings } from './intrinsics.ts';
import { readSource, type Source } from './source.ts';
import { findInPlan, isPlan } from './terraformPlan.ts';

/** One policy of a file. */
export type FoundPolicy = {
  /** What it is called within its file, the same before and after; empty where the file is the policy. */
  readonly subject: string;
  readonly policyType: PolicyType;
  /** As the check for public access names it. Absent: not asked. */
  readonly resourceType?: string;
  /** The document as JSON; what a template computes is resolved as far as it tells. */
  readonly text: string;
  readonly findings: Findings;
  /** Where the value of a path within the document stands in the file; undefined where that cannot be said. */
  readonly regionOf: (path: readonly (string | number)[]) => Region | undefined;
};

/** One policy before and after; one of them at least. */
export type PolicyPair = {
  readonly subject: string;
  readonly before?: FoundPolicy;
  readonly after?: FoundPolicy;
};

export type Pairs = {
  readonly pairs: readonly PolicyPair[];
  /** A sentence on a side that looks like it held policies and cannot be read. */
  readonly problem?: string;
};

/** What a person knows of where templates are deployed. */
export type Deployment = { readonly accountId?: string | undefined; readonly region?: string | undefined };

/** Returns the policies of both contents, paired by what they are called. A plan holds both sides itself. */
export function pairPolicies(
  { before, after }: { readonly before?: string; readonly after?: string },
  deployment: Deployment = {},
): Pairs {
  const [old, now] = [before, after].map((text) => (text === undefined ? undefined : readSource(text)));
  if (typeof now === 'string' || typeof old === 'string') {
    const problem = typeof now === 'string' ? now : `before the change: ${String(old)}`;
    const isWanted = [before, after].some((text) => text !== undefined && MENTIONS_POLICY.test(text));
    return { pairs: [], ...(isWanted ? { problem } : {}) };
  }
  if (now !== undefined && isPlan(now.value)) return { pairs: pair(findInPlan(now.value)) };
  const find = (source: Source | undefined, text: string | undefined) => findIn(source, text, deployment);
  return { pairs: pair({ before: find(old, before), after: find(now, after) }) };
}

/** Files that cannot be read are named only when they speak of what policies speak of. */
const MENTIONS_POLICY = /["']?(Statement|PolicyDocument|resource_changes)["']?\s*:/;

function findIn(
  source: Source | undefined,
  text: string | undefined,
  { accountId, region }: Deployment,
): FoundPolicy[] {
  if (source === undefined || text === undefined) return [];
  const { value, regionOf } = source;
  if (isTemplate(value)) {
    const pseudo = { 'AWS::AccountId': accountId, 'AWS::Region': region };
    return findInTemplate({ ...value, pseudo }, source);
  }
  const statements = isPolicy(value) ? [value['Statement']].flat() : [];
  if (!isPolicy(value)) return [];
  const namesSomebody = statements.some(
    (each) => typeof each === 'object' && each !== null && ('Principal' in each || 'NotPrincipal' in each),
  );
  return [
    {
      subject: '',
      policyType: namesSomebody ? 'RESOURCE_POLICY' : 'IDENTITY_POLICY',
      // What kind of resource it is for, a file does not say; only buckets are asked about in words of their own.
      ...(namesSomebody ? { resourceType: 'AWS::S3::Bucket' } : {}),
      text: /^\s*[{[]/.test(text) ? text : JSON.stringify(value, undefined, 2),
      findings: { variables: new Set(), names: new Set(), unreadable: new Set() },
      regionOf,
    },
  ];
}

/** Statements with an effect are what makes a file a policy; other files have members called `Statement` too. */
function isPolicy(value: unknown): value is { readonly Statement: unknown } {
  if (typeof value !== 'object' || value === null || !('Statement' in value)) return false;
  const statements: unknown[] = [value.Statement].flat();
  return (
    'Version' in value ||
    statements.some((each) => typeof each === 'object' && each !== null && 'Effect' in each)
  );
}

function pair({
  before,
  after,
}: {
  readonly before: readonly FoundPolicy[];
  readonly after: readonly FoundPolicy[];
}): PolicyPair[] {
  const old = new Map(before.map((found) => [found.subject, found]));
  const now = new Map(after.map((found) => [found.subject, found]));
  return [...new Set([...old.keys(), ...now.keys()])].map((subject) => {
    const [was, is] = [old.get(subject), now.get(subject)];
    return {
      subject,
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is }),
    };
  });
}
