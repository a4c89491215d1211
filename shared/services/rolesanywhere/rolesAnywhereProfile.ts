/**
 * Profiles of IAM Roles Anywhere: which roles a certificate may start sessions of, and what such sessions are let do of
 * all that the roles grant. A profile grants nothing itself, so it is judged as a limit; switched off, it lets nothing
 * pass. What would pass roles to the service again would take iam:PassRole, and is left to people.
 * Source: IAM Roles Anywhere User Guide, "Configure roles"; IAM User Guide, "Session policies".
 */
import { allPages, orFault, restoreByWrites, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { lastOf } from '../../targets/documentTarget.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';
import { readManagedPolicy } from '../iam/iamReads.ts';
import {
  DisableProfileCommand,
  EnableProfileCommand,
  GetProfileCommand,
  ListProfilesCommand,
  UpdateProfileCommand,
} from './rolesAnywhereClient.ts';

export const rolesAnywhereProfile: TargetOperations = {
  read,
  async *list({ rolesAnywhere }, place) {
    const profiles = allPages(async (nextToken) => {
      const page = await orFault(rolesAnywhere.send(new ListProfilesCommand({ nextToken })));
      return { items: page.profiles ?? [], next: page.nextToken };
    });
    for await (const { profileArn: arn } of profiles)
      if (arn !== undefined) yield { kind: 'roles-anywhere-profile', arn, ...place };
  },
  async restore({ accepted, from }, clients) {
    const cause = whyNotRestored(factsOf(accepted), factsOf(from));
    if (cause !== undefined) return { kind: 'cannot-undo', cause };
    return restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, clients),
      plan: (live) => plan({ accepted, live }, clients),
    });
  },
};

/** What a restore writes back, or must know. JSON values only. */
type Facts = {
  readonly enabled: boolean;
  readonly roleArns: readonly string[];
  readonly managedPolicyArns: readonly string[];
  readonly sessionPolicy?: string;
};

async function read(target: TargetRef, { rolesAnywhere, iam }: AwsClients): Promise<Snapshot> {
  const found = await unless(
    ['ResourceNotFoundException'],
    rolesAnywhere.send(new GetProfileCommand({ profileId: lastOf(target) })),
  );
  if (found?.profile === undefined) return absentSnapshot(target);
  const { enabled = false, roleArns = [], managedPolicyArns = [], sessionPolicy, createdAt } = found.profile;
  const facts: Facts = {
    enabled,
    roleArns: [...roleArns].sort(),
    managedPolicyArns: [...managedPolicyArns].sort(),
    ...(sessionPolicy === undefined || sessionPolicy === '' ? {} : { sessionPolicy }),
  };
  return makeSnapshot({
    target,
    exists: true,
    // The id of a profile is never used again.
    uniqueId: target.arn,
    ...(createdAt === undefined ? {} : { createdAt: createdAt.toISOString() }),
    parts: await partsOf(facts, iam),
    restoreHints: { profile: facts },
  });
}

const documentOf = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

/** What a session may do that no session policy narrows. */
const EVERYTHING = documentOf({ Effect: 'Allow', Action: '*', Resource: '*' });
const NOTHING = documentOf({ Effect: 'Deny', Action: '*', Resource: '*' });

/** Session policies add up to one limit; without any there is none. */
async function partsOf(facts: Facts, iam: AwsClients['iam']): Promise<TargetPart[]> {
  const { enabled, roleArns, managedPolicyArns, sessionPolicy } = facts;
  // Switched off, each document is there and lets nothing pass, so that a write that switches off proves for each.
  const orNothing = (document: string | undefined) => (enabled ? document : NOTHING);
  const parts: TargetPart[] = [
    { id: 'roles', role: 'boundary', document: orNothing(rolesDocument(roleArns)) },
  ];
  const session = sessionPolicy ?? (managedPolicyArns.length === 0 ? EVERYTHING : undefined);
  if (session !== undefined) parts.push({ id: 'session', role: 'boundary', document: orNothing(session) });
  for (const arn of managedPolicyArns)
    parts.push({
      id: `attached:${arn}`,
      role: 'boundary',
      document: orNothing((await readManagedPolicy(iam, arn))?.document),
    });
  return parts;
}

/**
 * The start of a session is told apart from what is done in one by a key of our own; its Deny holds whatever session
 * policies stand beside it.
 */
function rolesDocument(roleArns: readonly string[]): string {
  const start = {
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'ratchet:RolesAnywhereSession': 'start' } },
  };
  if (roleArns.length === 0) return documentOf({ Effect: 'Deny', ...start, Resource: '*' });
  return documentOf(
    { Effect: 'Allow', ...start, Resource: roleArns },
    { Effect: 'Deny', ...start, NotResource: roleArns },
  );
}

function factsOf({ restoreHints }: Snapshot): Facts {
  return restoreHints?.['profile'] as Facts; // `read` put it there.
}

const isSame = (a: readonly string[], b: readonly string[]) => a.join(' ') === b.join(' ');

function whyNotRestored(wanted: Facts, there: Facts): string | undefined {
  if (!wanted.enabled) return undefined;
  if (!isSame(wanted.roleArns, there.roleArns))
    return 'putting the roles of a profile back would take iam:PassRole; do it by hand, or disable the profile until then';
  const isUnlimited = wanted.sessionPolicy === undefined && wanted.managedPolicyArns.length > 0;
  return isUnlimited && there.sessionPolicy !== undefined
    ? 'a session policy can be replaced and not taken away; make the profile anew, or disable it until then'
    : undefined;
}

function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  { rolesAnywhere }: AwsClients,
): Write[] {
  const [wanted, there] = [factsOf(accepted), factsOf(live)];
  const { arn } = accepted.target;
  const which = { profileId: lastOf(accepted.target) };
  const toggle = wanted.enabled ? EnableProfileCommand : DisableProfileCommand;
  const writes: Write[] = [];
  // A profile that was off is off again, whatever it would let pass.
  const update = wanted.enabled ? changesOf(wanted, there) : {};
  if (Object.keys(update).length > 0)
    writes.push({
      operation: 'UpdateProfile',
      summary: `restore what sessions of profile ${arn} are let do`,
      send: () => rolesAnywhere.send(new UpdateProfileCommand({ ...which, ...update })),
    });
  if (wanted.enabled !== there.enabled)
    writes.push({
      operation: wanted.enabled ? 'EnableProfile' : 'DisableProfile',
      summary: `switch profile ${arn} ${wanted.enabled ? 'on' : 'off'} again`,
      send: () => rolesAnywhere.send(new toggle(which)),
    });
  return writes;
}

function changesOf(wanted: Facts, there: Facts): { sessionPolicy?: string; managedPolicyArns?: string[] } {
  // Where there was none one has come, which only a policy that lets everything pass takes away.
  const session =
    there.sessionPolicy === undefined ? wanted.sessionPolicy : (wanted.sessionPolicy ?? EVERYTHING);
  return {
    ...(session === undefined || session === there.sessionPolicy ? {} : { sessionPolicy: session }),
    ...(isSame(wanted.managedPolicyArns, there.managedPolicyArns)
      ? {}
      : { managedPolicyArns: [...wanted.managedPolicyArns] }),
  };
}
