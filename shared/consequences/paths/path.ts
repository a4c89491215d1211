/** What an escalation path is, and how rows of the catalogue are written. */

/**
 * `self-escalation`: the principal gives itself more. `principal-access`: it takes over another principal.
 * `new-passrole`: it passes a role to something that it makes. `existing-passrole`: it uses what has a role.
 */
export type EscalationKind = 'self-escalation' | 'principal-access' | 'new-passrole' | 'existing-passrole';

/** What the call of a step is made on; says which resources count. */
type StepTarget =
  /** A role, user, group or managed policy: whichever the action takes. */
  | 'principal'
  /** A role that trusts the service it is passed to. */
  | 'passed-role'
  /** One resource, the same for all such steps of the path. */
  | 'one-resource'
  /** Anything that the action takes. */
  | 'anything';

type EscalationStep = { readonly action: string; readonly on: StepTarget };

export type EscalationPath = {
  readonly id: string;
  readonly kind: EscalationKind;
  /** All are needed, by one principal. */
  readonly steps: readonly EscalationStep[];
  /** The service principal that the passed role must trust; absent unless a role is passed. */
  readonly passedTo?: string;
  /** The path frees its holder from its permissions boundary, or from Denies: it is none without one. */
  readonly needs?: 'boundary' | 'deny';
  /** What its holder becomes, where it takes over only a part of what another may do; never administrator. */
  readonly gains?: string;
  /** What follows, after "it may ": for people. */
  readonly does: string;
  /** MITRE ATT&CK, Enterprise. */
  readonly technique: string;
  readonly sources: readonly string[];
};

/** Calls of a row; those in a list of their own are made on one and the same resource. */
type Calls = readonly (string | readonly string[])[];

/** Returns steps on principals. */
const onPrincipals = (actions: readonly string[]): EscalationStep[] =>
  actions.map((action) => ({ action, on: 'principal' }));

const onResources = (calls: Calls): EscalationStep[] =>
  calls.flatMap((call): EscalationStep[] =>
    typeof call === 'string'
      ? [{ action: call, on: 'anything' }]
      : call.map((action) => ({ action, on: 'one-resource' })),
  );

/** Returns a path by which a principal writes what principals may do, its own permissions among them. */
export const itself = (
  id: string,
  action: string,
  does: string,
  ...sources: readonly string[]
): EscalationPath => ({
  id,
  kind: 'self-escalation',
  steps: onPrincipals([action]),
  does,
  technique: 'T1098.003',
  sources,
});

/** Returns a path by which a principal takes over another. */
export const another = (
  id: string,
  actions: readonly string[],
  does: string,
  technique: string,
  ...sources: readonly string[]
): EscalationPath => ({
  id,
  kind: 'principal-access',
  steps: onPrincipals(actions),
  does,
  technique,
  sources,
});

/** Returns a path of `iam:PassRole` and the calls that make something which runs as the role. */
export const passed = (
  id: string,
  passedTo: string,
  calls: Calls,
  does: string,
  ...sources: readonly string[]
): EscalationPath => ({
  id,
  kind: 'new-passrole',
  steps: [{ action: 'iam:PassRole', on: 'passed-role' }, ...onResources(calls)],
  passedTo,
  does: `pass a role to ${does}`,
  technique: 'T1548.005',
  sources,
});

/** Returns a path of calls on what has a role already. */
export const existing = (
  id: string,
  calls: Calls,
  does: string,
  technique: string,
  ...sources: readonly string[]
): EscalationPath => ({
  id,
  kind: 'existing-passrole',
  steps: onResources(calls),
  does,
  technique,
  sources,
});

/** Returns a path by which others are let in as principals, on resources that are no principals themselves. */
export const through = (
  id: string,
  calls: Calls,
  does: string,
  technique: string,
  ...sources: readonly string[]
): EscalationPath => ({
  ...existing(id, calls, does, technique, ...sources),
  kind: 'principal-access',
});
