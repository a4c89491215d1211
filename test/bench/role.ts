/**
 * `npm run bench:role`: the processor time of the guard for a change of a role with 20 managed policies, each of which
 * has two Allows and a Deny. Every change adds an inline policy, so findings pile up and are all asked about again.
 * Flags: `--roles N` (12 changes each; the first role warms), `--against FOLDER` (a checkout of another version).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({ options: { roles: { type: 'string' }, against: { type: 'string' } } });
const roles = Number(flags.roles ?? 4);

const ACCOUNT = '111122223333';
const SERVICES =
  's3 dynamodb sqs sns logs ec2 kms lambda events states ssm ecr ecs glue athena kinesis firehose cloudwatch xray secretsmanager'.split(
    ' ',
  );
const ADDED =
  's3:DeleteObject sqs:SendMessage sns:Publish dynamodb:PutItem kms:Decrypt events:PutEvents states:StartExecution ecr:PutImage glue:StartJobRun athena:StartQueryExecution kinesis:PutRecord xray:PutTraceSegments'.split(
    ' ',
  );
const TWENTY_MINUTES_MS = 1_200_000;

const documentOf = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const resourceOf = (service: string) =>
  service === 's3' ? 'arn:aws:s3:::app-data/*' : `arn:aws:${service}:eu-west-1:${ACCOUNT}:app/*`;
const all = (service: string, ...verbs: readonly string[]) => verbs.map((verb) => `${service}:${verb}*`);

let made = 0;
function recordOf(eventName: string, requestParameters: object, responseElements: object | null = null) {
  const number = made++;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEANN000001',
      arn: `arn:aws:iam::${ACCOUNT}:user/ann`,
      accountId: ACCOUNT,
      userName: 'ann',
    },
    eventTime: new Date(Date.UTC(2026, 9, 1) + number * TWENTY_MINUTES_MS).toISOString().replace('.000', ''),
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '192.0.2.1',
    userAgent: 'console.amazonaws.com',
    requestParameters,
    responseElements,
    requestID: `request-${number}`,
    eventID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    eventType: 'AwsApiCall',
    recipientAccountId: ACCOUNT,
  };
}

function* makingOf(roleName: string) {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const arn = `arn:aws:iam::${ACCOUNT}:role/${roleName}`;
  yield recordOf(
    'CreateRole',
    { roleName, assumeRolePolicyDocument: documentOf(trust) },
    {
      role: {
        roleName,
        arn,
        roleId: `AROA${roleName.toUpperCase()}`,
        path: '/',
        createDate: 'Oct 1, 2026, 00:00:00 AM',
      },
    },
  );
  for (const service of SERVICES) {
    const policyName = `${roleName}-${service}`;
    const policyArn = `arn:aws:iam::${ACCOUNT}:policy/${policyName}`;
    const elsewhere = { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
    const policyDocument = documentOf(
      { Effect: 'Allow', Action: all(service, 'Get', 'List', 'Describe'), Resource: '*' },
      { Effect: 'Allow', Action: all(service, 'Put', 'Create', 'Update'), Resource: resourceOf(service) },
      { Effect: 'Deny', Action: all(service, 'Delete'), Resource: '*', Condition: elsewhere },
    );
    yield recordOf(
      'CreatePolicy',
      { policyName, policyDocument },
      {
        policy: {
          policyName,
          arn: policyArn,
          policyId: `ANPA${policyName}`,
          path: '/',
          defaultVersionId: 'v1',
        },
      },
    );
    yield recordOf('AttachRolePolicy', { roleName, policyArn });
  }
}

const additionTo = (roleName: string, action: string) =>
  recordOf('PutRolePolicy', {
    roleName,
    policyName: `extra-${action.replace(':', '-')}`,
    policyDocument: documentOf({
      Effect: 'Allow',
      Action: action,
      Resource: resourceOf(action.split(':')[0] ?? ''),
    }),
  });

/** Processor milliseconds of each change, by the code of that checkout. */
async function measure(root: string): Promise<number[]> {
  made = 0;
  const load = (file: string) => import(pathToFileURL(join(root, file)).href);
  const [{ openReplay }, { defaultConfig }] = [
    await load('cli/replay/openReplay.ts'),
    await load('shared/runtime/loadConfig.ts'),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-role-'));
  const { world, close } = openReplay({
    folder,
    durable: false,
    config: defaultConfig(),
    solver: { solver: 'atoms', timeoutMs: 10_000 },
    publisher: { name: 'nobody', publish: async () => [] },
    told: [],
    managedPolicy: () => undefined,
  });
  const play = async (record: ReturnType<typeof recordOf>) => {
    world.setTime(Date.parse(record.eventTime));
    world.account.applyRecord(record);
    world.account.takeWrites();
    const start = process.threadCpuUsage();
    const { targets } = await world.guard.handleRecord(record);
    const { user, system } = process.threadCpuUsage(start);
    if (record.eventName === 'PutRolePolicy' && targets[0]?.findings.length === 0)
      throw new Error(`the change \`${record.requestID}\` was not told`);
    return (user + system) / 1_000;
  };
  const times: number[] = [];
  for (let number = 0; number < roles; number++) {
    const roleName = `app${number}`;
    for (const record of makingOf(roleName)) await play(record);
    for (const action of ADDED) {
      const time = await play(additionTo(roleName, action));
      if (number > 0) times.push(time);
    }
  }
  await close();
  rmSync(folder, { recursive: true, force: true });
  return times.sort((a, b) => a - b);
}

const own = fileURLToPath(new URL('../..', import.meta.url));
const rows: object[] = [];
for (const root of [own, ...(flags.against === undefined ? [] : [flags.against])]) {
  const times = await measure(root);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
  // The clock of a thread's processor time ticks every few milliseconds, so the mean says more than the middle.
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  rows.push({
    checkout: root,
    changes: times.length,
    'mean ms': mean.toFixed(1),
    'middle ms': at(0.5),
    'worst ms': at(1),
  });
}
console.table(rows);
