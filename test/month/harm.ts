/** The eight harmful changes: what somebody on call wants to be woken up for, each of another kind. */
import * as account from './account.ts';
import { allow, arn, document, grant, iamArn, service, trust } from './account.ts';
import * as calls from './calls.ts';
import { at, type Call, type Run } from './calls.ts';
import { shipperStatements } from './platform.ts';
import type { Service } from './services.ts';

/** Sessions of people and pipelines from an address that nobody here uses. */
const ELSEWHERE = '45.153.160.140';
const stolenPipeline = account.session('ci/acme-terraform', 'GitHubActions', {
  ip: ELSEWHERE,
  agent: 'Boto3/1.35.24 md/Botocore#1.35.24 ua/2.0 os/linux#6.1 lang/python#3.12.3',
  style: 'plain',
});
const stolenDeveloper = account.person('PlatformAdmin', 'priya.nair', ELSEWHERE, account.CLI_AGENT);

const harmful = (call: Call, what: string, why: string): Call => ({ ...call, harm: { what, why } });

type Plant = (all: ReadonlyMap<string, Service>) => {
  readonly hour: number;
  readonly actor: account.Actor;
  readonly call: Call;
};

/** By day: what is done, from what the policies hold at the end of that day. */
const PLANTS: ReadonlyMap<number, Plant> = new Map<number, Plant>([
  [
    6,
    () => ({
      hour: 21,
      actor: stolenDeveloper,
      call: harmful(
        calls.updateTrust(
          'acme-payments-task',
          document(
            {
              Effect: 'Allow',
              Principal: service('ecs-tasks'),
              Action: 'sts:AssumeRole',
              Condition: { ...account.sourceAccount, ...account.fromArn(arn('ecs', '*')) },
            },
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${account.STRANGER}:role/integration` },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'sts:ExternalId': 'acme-payments' } },
            },
          ),
        ),
        'trust of acme-payments-task opened to a role of an unknown account',
        'an account outside the zone of trust can act as the payments service; the external id is its own choice',
      ),
    }),
  ],
  [
    9,
    (all) => ({
      hour: 19,
      actor: account.tove,
      call: harmful(
        calls.putBucketPolicy(
          `acme-invoices-prod-${account.ACCOUNT}`,
          document(
            ...(all.get('invoices')?.bucket ?? []),
            grant(
              'PortalDownloads',
              '*',
              's3:GetObject',
              `arn:aws:s3:::acme-invoices-prod-${account.ACCOUNT}/data/*`,
              {
                StringLike: { 'aws:Referer': 'https://portal.acme.example/*' },
              },
            ),
          ),
        ),
        'bucket of invoices readable by everybody who sends a Referer header',
        'anyone can send that header, and public access is not blocked on this bucket',
      ),
    }),
  ],
  [
    12,
    () => ({
      hour: 20,
      actor: account.marek,
      call: harmful(
        calls.attachUserPolicy('svc-reporting', iamArn('policy/acme-lambda-authoring')),
        'user svc-reporting can make and run functions, and already may pass any acme role',
        'passing acme-ops-automation, which holds iam:*, to a function of its own makes it administrator',
      ),
    }),
  ],
  [
    14,
    () => ({
      hour: 3,
      actor: stolenPipeline,
      call: harmful(
        calls.putRolePolicy(
          'acme-media-worker',
          'basic-execution',
          document({ Effect: 'Allow', NotAction: ['account:*', 'organizations:*'], Resource: '*' }),
        ),
        'inline policy of acme-media-worker grants all but two services on everything',
        'a function that handles uploads becomes administrator; the session of the pipeline is used from elsewhere',
      ),
    }),
  ],
  [
    17,
    () => ({
      hour: 23,
      actor: stolenDeveloper,
      call: harmful(
        calls.shareDbSnapshot('payments-weekly-0928', account.STRANGER),
        'snapshot of the payments database shared with an unknown account',
        'the whole database can be restored outside the zone of trust',
      ),
    }),
  ],
  [
    20,
    () => ({
      hour: 18,
      actor: account.marek,
      call: harmful(
        calls.newPolicyVersion(
          'acme-log-shipper',
          3,
          document(
            ...shipperStatements.slice(0, 2),
            allow(
              [
                'cloudtrail:DescribeTrails',
                'cloudtrail:GetTrailStatus',
                'cloudtrail:PutEventSelectors',
                'cloudtrail:StopLogging',
              ],
              '*',
            ),
          ),
        )[0] as Call,
        'managed policy of the log shipper may stop trails and change what they record',
        'the role of a service, held by a function, can blind the account',
      ),
    }),
  ],
  [
    24,
    (all) => ({
      hour: 22,
      actor: account.priya,
      call: harmful(
        calls.putKeyPolicy(
          'payments',
          document(
            ...(all.get('payments')?.key ?? []),
            grant('S3Access', { AWS: '*' }, ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:CreateGrant'], '*', {
              StringEquals: { 'kms:ViaService': `s3.${account.REGION}.amazonaws.com` },
            }),
          ),
        ),
        'key of the payments service usable by every account through S3',
        'kms:ViaService without kms:CallerAccount names no caller: whoever gets an object can read it',
      ),
    }),
  ],
  [
    27,
    () => ({
      hour: 17,
      actor: account.priya,
      call: harmful(
        calls.deleteRoleBoundary('acme-data-sandbox'),
        'permissions boundary of acme-data-sandbox removed',
        'its inline policy may make roles and attach any policy; only the boundary held that back',
      ),
    }),
  ],
]);

/** Returns the harmful change of a day, if it has one. */
export function plant(day: number, all: readonly Service[]): Run[] {
  const plantOf = PLANTS.get(day);
  if (plantOf === undefined) return [];
  const { hour, actor, call } = plantOf(new Map(all.map((one) => [one.name, one])));
  return [{ minute: at(day, hour, 7), actor, calls: [call] }];
}

const ecsTrust = trust(service('ecs-tasks'), {
  ...account.sourceAccount,
  ...account.fromArn(arn('ecs', '*')),
});
/** What people on call put right the day after, for five of the eight. */
export const repairs = (): Run[] => [
  { minute: at(7, 7, 31), actor: account.marek, calls: [calls.updateTrust('acme-payments-task', ecsTrust)] },
  {
    minute: at(13, 8, 2),
    actor: account.priya,
    calls: [calls.detachUserPolicy('svc-reporting', iamArn('policy/acme-lambda-authoring'))],
  },
  {
    minute: at(14, 8, 55),
    actor: account.priya,
    calls: [calls.deleteRolePolicy('acme-media-worker', 'basic-execution')],
  },
  {
    minute: at(18, 7, 44),
    actor: account.marek,
    calls: [calls.unshareDbSnapshot('payments-weekly-0928', account.STRANGER)],
  },
  { minute: at(21, 8, 20), actor: account.priya, calls: [calls.setDefaultVersion('acme-log-shipper', 2)] },
];
