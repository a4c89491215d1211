import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientsOf } from '../../cli/doctor/clients.ts';
import { examineDeployment } from '../../cli/doctor/examine.ts';
import type { Wanted } from '../../cli/doctor/preflight.ts';
import { AwsError } from '../../shared/recording/account.ts';
import { ACCOUNT, type OwnOperations, REGION, startWire, type Wire } from './server.ts';

const fails =
  (name: string, message = name) =>
  () => {
    throw new AwsError(name, message);
  };
const STACK = 'ratchet-prod';

/** A new account that has a trail and nothing else; everything is allowed there. */
const NEW_ACCOUNT: OwnOperations = {
  'cloudFormation:DescribeStacks': fails('ValidationError', `Stack with id ${STACK} does not exist`),
  'cloudFormation:ListStackResources': fails('ValidationError', `Stack with id ${STACK} does not exist`),
  'lambda:GetAccountSettings': () => ({
    AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
  }),
  'lambda:GetFunction': fails('ResourceNotFoundException'),
  'iam:GetAccountSummary': () => ({
    SummaryMap: {
      Roles: 8,
      RolesQuota: 1_000,
      Policies: 2,
      PoliciesQuota: 1_500,
      AttachedPoliciesPerRoleQuota: 10,
    },
  }),
  'iam:SimulatePrincipalPolicy': ({ ActionNames: names }) => ({
    EvaluationResults: (names as string[]).map((EvalActionName) => ({
      EvalActionName,
      EvalDecision: 'allowed',
    })),
  }),
  'logs:DescribeLogGroups': () => ({ logGroups: [] }),
  's3:ListBuckets': () => ({ Buckets: [] }),
  'securityHub:DescribeHub': fails('InvalidAccessException'),
  'cloudTrail:DescribeTrails': () => ({
    trailList: [{ Name: 'all', TrailARN: 'arn:aws:cloudtrail:::all', IsMultiRegionTrail: true }],
  }),
  'cloudTrail:GetTrailStatus': () => ({ IsLogging: true }),
  'cloudTrail:GetEventSelectors': () => ({
    EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
  }),
};

let wire: Wire;
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ALICE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await wire.close();
});

const nothing: Wanted = { reservedConcurrency: false, securityHub: false };

/** What is not ok of an account that differs so: `check: seen → what to do`. */
async function lacks(differing: OwnOperations, before: Wanted | 'deployed' = nothing): Promise<string[]> {
  wire = await startWire({ operations: { ...NEW_ACCOUNT, ...differing } });
  vi.stubEnv('AWS_ENDPOINT_URL', wire.endpoint);
  const deployment = {
    stack: STACK,
    regions: [REGION],
    now: new Date(),
    ...(before === 'deployed' ? {} : { before }),
  };
  const reports = await examineDeployment(deployment, clientsOf);
  return reports
    .filter(({ state }) => state !== 'ok')
    .map(({ check, seen, remedy }) => `${check}: ${seen} → ${remedy}`);
}

const withStack = (StackStatus: string) => ({
  'cloudFormation:DescribeStacks': () => ({
    Stacks: [{ StackName: STACK, StackStatus, CreationTime: new Date(0) }],
  }),
});

describe('before a deployment', () => {
  it('a new account with a trail lacks nothing', async () => {
    expect(await lacks({})).toEqual([]);
  });

  it('a stack that is there is updated, and its names are its own', async () => {
    const own = { 'lambda:GetFunction': () => ({ Configuration: { FunctionName: `${STACK}-detect` } }) };

    expect(await lacks({ ...withStack('UPDATE_COMPLETE'), ...own })).toEqual([]);
  });

  it.each<readonly [string, OwnOperations, Wanted, RegExp]>([
    [
      'a stack whose creation failed',
      withStack('ROLLBACK_COMPLETE'),
      nothing,
      /^stack: ratchet-prod is there: ROLLBACK_COMPLETE → .*delete-stack/,
    ],
    [
      'reserved concurrency in a new account',
      {},
      { ...nothing, reservedConcurrency: true },
      /^concurrency: 10 of 10 are not reserved, 20 are needed → leave out `--param reservedConcurrency=on`/,
    ],
    [
      'a concurrency that others have reserved',
      {
        'lambda:GetAccountSettings': () => ({
          AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 2 },
        }),
      },
      nothing,
      /^concurrency: 2 of 10 are not reserved, 8 are needed/,
    ],
    [
      'an account full of roles',
      {
        'iam:GetAccountSummary': () => ({
          SummaryMap: {
            Roles: 998,
            RolesQuota: 1_000,
            Policies: 2,
            PoliciesQuota: 1_500,
            AttachedPoliciesPerRoleQuota: 10,
          },
        }),
      },
      nothing,
      /^quotas of IAM: Roles 1002 of 1000,/,
    ],
    [
      'a log group that an earlier deployment left',
      { 'logs:DescribeLogGroups': () => ({ logGroups: [{ logGroupName: `/aws/lambda/${STACK}-sweep` }] }) },
      nothing,
      /^names: log group \/aws\/lambda\/ratchet-prod-sweep → delete what an earlier deployment left/,
    ],
    [
      'a function of the same name',
      { 'lambda:GetFunction': () => ({ Configuration: {} }) },
      nothing,
      /^names: function ratchet-prod-detect, function ratchet-prod-rollback/,
    ],
    [
      'Security Hub, where it is asked for',
      {},
      { ...nothing, securityHub: true },
      /^Security Hub: off, and asked for → enable it here/,
    ],
    [
      'permissions',
      {
        'iam:SimulatePrincipalPolicy': ({ ActionNames: names }) => ({
          EvaluationResults: (names as string[]).map((EvalActionName) => ({
            EvalActionName,
            EvalDecision: EvalActionName === 'iam:CreateRole' ? 'implicitDeny' : 'allowed',
          })),
        }),
      },
      nothing,
      /^permissions: denied: iam:CreateRole → use a role with `infra\/deployer.json`/,
    ],
    [
      'a trail',
      { 'cloudTrail:DescribeTrails': () => ({ trailList: [] }) },
      nothing,
      /^trail: no trail covers this Region → create and start a multi-Region trail/,
    ],
  ])('%s is missed, and what to do is said', async (_, differing, wanted, said) => {
    const missing = await lacks(differing, wanted);

    expect(missing[0]).toMatch(said);
  });

  it('a bucket that was kept is named, since its memory is not read any more', async () => {
    const Buckets = [{ Name: `${STACK}-versionsbucket-0a1b2c` }];
    wire = await startWire({
      operations: { ...NEW_ACCOUNT, 's3:ListBuckets': () => ({ Buckets }) },
    });
    vi.stubEnv('AWS_ENDPOINT_URL', wire.endpoint);

    const reports = await examineDeployment(
      { stack: STACK, regions: [REGION], now: new Date(), before: nothing },
      clientsOf,
    );

    expect(reports.find(({ check }) => check === 'names')).toMatchObject({
      state: 'ok',
      seen: 'all free; kept from earlier, and not read any more: ratchet-prod-versionsbucket-0a1b2c',
    });
  });

  it('what may not be read is unknown, and who may read it is said', async () => {
    const denied = fails(
      'AccessDeniedException',
      `User: arn:aws:iam::${ACCOUNT}:user/alice is not authorized`,
    );

    expect(await lacks({ 'lambda:GetAccountSettings': denied })).toEqual([
      expect.stringMatching(/^concurrency: AccessDeniedException: .* → use credentials that may read it/),
    ]);
  });

  it('is looked at too where the doctor finds no stack', async () => {
    const missing = await lacks({ 'iam:GetAccountSummary': fails('Throttling') }, 'deployed');

    expect(missing).toEqual([
      expect.stringMatching(/^stack: .* does not exist → deploy it with/),
      expect.stringMatching(/^quotas of IAM: Throttling/),
    ]);
  });
});
