/** The configuration, as the guard reads it. Every member has a value; where it comes from the guard does not know. */
import type { Access } from '../checks/index.ts';
import { matchPattern } from '../evaluator/matchPattern.ts';
import type { Severity } from '../findings/finding.ts';
import { parseActionPattern } from '../policy/parsePattern.ts';
import type { TrustedProvider } from '../policy/trustedProviders.ts';
import type { TargetKind, TargetRef } from '../targets/target.ts';

/** `observe`: findings only. `rollback`: what a change added is removed. */
export type Mode = 'observe' | 'rollback';

/** In every `match`: `*` stands for any characters, `/` and `:` included, `?` for one; compared with the target's ARN. */
type TargetRule = {
  readonly match: string;
  /** Absent: every kind. */
  readonly kinds?: readonly TargetKind[];
  readonly mode: Mode;
  /** `previous`: the version before the change may be restored where that grants again what the same change took away. */
  readonly restore?: 'tighten' | 'previous';
};

/** Access that nobody should be granted: any of the actions on any of the resources. Absent: any. */
export type CriticalAccess = {
  readonly name: string;
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  /** Further such pairs. */
  readonly also?: readonly Access[];
  /** Absent: every kind. */
  readonly kinds?: readonly TargetKind[];
};

/** Returns all that the list lists, each of actions and resources. */
export function accessOf({ actions, resources, also = [] }: CriticalAccess): readonly Access[] {
  return [
    { ...(actions === undefined ? {} : { actions }), ...(resources === undefined ? {} : { resources }) },
    ...also,
  ];
}

/** Who may be granted access. A target's own account is always trusted. */
export type ZoneOfTrust = {
  readonly accounts: readonly string[];
  readonly organizations: readonly string[];
  /** Service principals, `*` allowed. */
  readonly services: readonly string[];
  /** Service principals, `*` allowed, trusted only in calls for an account or organization of the zone. */
  readonly servicesOnBehalf: readonly string[];
  /** Providers of the zone's accounts, with what a token must say. */
  readonly identityProviders: readonly TrustedProvider[];
  /** What IAM Identity Center keeps in an account is trusted: its provider, in the roles `AWSReservedSSO_…`. */
  readonly identityCenter: boolean;
};

/** Findings on the matching targets are suppressed until the exception expires; then it is a finding itself. */
export type Exception = {
  readonly match: string;
  /** Absent: every check. */
  readonly check?: 'no-new-access' | 'access-not-granted' | 'no-public-access' | 'no-external-access';
  readonly owner: string;
  readonly reason: string;
  /** ISO 8601, an instant. */
  readonly expires: string;
};

/** Member accounts of an organization, watched from the hub. */
type Members = {
  readonly accounts: readonly string[];
  /** Beside the Region of the hub. */
  readonly regions: readonly string[];
};

export type Config = {
  readonly zoneOfTrust: ZoneOfTrust;
  readonly criticalAccess: readonly CriticalAccess[];
  /** The first rule that matches counts; none: observe. */
  readonly targets: readonly TargetRule[];
  readonly exceptions: readonly Exception[];
  /** ARN patterns of actors whose changes are reported but not undone: pipelines. */
  readonly deployers: readonly string[];
  /** ARN patterns of emergency roles: reported at once, never undone. */
  readonly breakGlass: readonly string[];
  /** ARN patterns of what the guard itself stands on: findings there are of the highest severity, and never undone. */
  readonly ownResources: readonly string[];
  /** Whose every target the hub's sweep looks at. Events need no such list. */
  readonly members: Members;
  readonly breaker: { readonly maxRollbacksPerHour: number };
  /** The steps of a new target within this time make one finding. */
  readonly groupingMinutes: number;
  /** Findings as grave as this are published to people at once; the others wait for the digest. */
  readonly interruptFrom: Severity;
  /** When the daily digest is published, UTC. */
  readonly digestHour: number;
  readonly solver: { readonly choice: 'auto' | 'atoms' | 'z3' | 'both'; readonly timeoutMs: number };
};

/** Returns the rule of a target: the first that matches; none: observe. */
export function ruleOf(
  { targets }: Pick<Config, 'targets'>,
  { arn, kind }: TargetRef,
): TargetRule | undefined {
  return targets.find(
    ({ match, kinds }) => matchName(match, arn) && (kinds === undefined || kinds.includes(kind)),
  );
}

/** Returns true iff the whole name matches; case counts. */
export function matchName(pattern: string, name: string): boolean {
  return matchPattern(parseActionPattern(pattern), name);
}

/** Returns true iff some pattern matches. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchName(pattern, name));
}
