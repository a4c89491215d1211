/** The services of the company: what Terraform makes for each, and how it and developers change it over the month. */
import * as account from './account.ts';
import { allow, arn, document, fromArn, grant, iamArn, type Statement, service, trust } from './account.ts';
import * as calls from './calls.ts';
import { at, type Call, type Draw, type Run } from './calls.ts';

export type Service = {
  readonly name: string;
  readonly task: string;
  readonly bucketName: string;
  /** What its policies hold as Terraform knows them. */
  runtime: Statement[];
  data: Statement[];
  bucket: Statement[];
  queue: Statement[];
  topic: Statement[];
  key: Statement[];
  work: Statement[];
  dataVersion: number;
  permission: number;
  /** Inline policies that developers put beside Terraform's, by name. */
  readonly debug: Map<string, Statement[]>;
  readonly has: {
    readonly queue: boolean;
    readonly topic: boolean;
    readonly key: boolean;
    readonly worker: boolean;
  };
};

const NAMES = ['orders', 'payments', 'invoices', 'catalog', 'notifications', 'reporting', 'media'] as const;
const table = (name: string) => arn('dynamodb', `table/${name}`);
const objects = ({ bucketName }: Service, prefix: string) => `arn:aws:s3:::${bucketName}/${prefix}`;
const everyoneHere = { AWS: iamArn('root') };

/** Returns the services as Terraform first makes them. */
export const firstServices = (): Service[] =>
  NAMES.map((name, index) => {
    const bucketName = `acme-${name}-prod-${account.ACCOUNT}`;
    const bucketArn = `arn:aws:s3:::${bucketName}`;
    const logs = arn('logs', `log-group:/aws/ecs/${name}:*`);
    return {
      name,
      task: `acme-${name}-task`,
      bucketName,
      runtime: [
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logs),
        allow('ssm:GetParameter', arn('ssm', `parameter/${name}/*`)),
      ],
      data: [
        allow(
          ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
          [table(name), `${table(name)}/index/*`],
        ),
        allow(['s3:GetObject', 's3:PutObject'], `${bucketArn}/data/*`),
        allow('s3:ListBucket', bucketArn),
      ],
      bucket: [
        {
          ...grant('TlsOnly', '*', 's3:*', [bucketArn, `${bucketArn}/*`], {
            Bool: { 'aws:SecureTransport': 'false' },
          }),
          Effect: 'Deny',
        },
      ],
      queue: [grant('Owner', everyoneHere, 'sqs:*', arn('sqs', `${name}-events`))],
      topic: [
        grant(
          'Owner',
          everyoneHere,
          ['sns:Publish', 'sns:Subscribe', 'sns:GetTopicAttributes'],
          arn('sns', `${name}-topic`),
        ),
      ],
      key: [grant('EnableIamPolicies', everyoneHere, 'kms:*', '*')],
      work: [allow('dynamodb:GetItem', table(name))],
      dataVersion: 1,
      permission: 0,
      debug: new Map<string, Statement[]>(),
      has: {
        queue: index % 3 !== 2,
        topic: index % 2 === 0,
        key: index < 4,
        worker: index !== 3 && index !== 5,
      },
    };
  });

const dataPolicy = ({ name }: Service) => `acme-${name}-data`;
const worker = ({ name }: Service) => `acme-${name}-worker`;
const invoker = ({ name, permission }: Service) => ({
  by: 'apigateway.amazonaws.com',
  sourceArn: arn('execute-api', `${account.digest(`api/${name}`, 10)}/*/POST/v${permission + 1}`),
});
const putRuntime = (one: Service) => calls.putRolePolicy(one.task, 'runtime', document(...one.runtime));
const putWork = (one: Service) => calls.putRolePolicy(worker(one), 'work', document(...one.work));
const putBucket = (one: Service) => calls.putBucketPolicy(one.bucketName, document(...one.bucket));
const putQueue = (one: Service) => calls.setQueuePolicy(`${one.name}-events`, document(...one.queue));
const putTopic = (one: Service) => calls.setTopicPolicy(`${one.name}-topic`, document(...one.topic));
const putKey = (one: Service) => calls.putKeyPolicy(one.name, document(...one.key));
function putData(one: Service): Call[] {
  one.dataVersion += 1;
  return calls.newPolicyVersion(dataPolicy(one), one.dataVersion, document(...one.data));
}

/** Returns the runs that make all services. */
export function makeServices(all: readonly Service[]): Run[] {
  return all.map((one, index) => ({
    minute: at(0, 12 + index),
    actor: account.terraform,
    calls: [
      calls.createRole(
        one.task,
        trust(service('ecs-tasks'), { ...account.sourceAccount, ...fromArn(arn('ecs', '*')) }),
      ),
      putRuntime(one),
      calls.createPolicy(dataPolicy(one), document(...one.data)),
      calls.attachRolePolicy(one.task, iamArn(`policy/${dataPolicy(one)}`)),
      calls.createBucket(one.bucketName),
      // The portal of invoices once was a website, and nobody has turned the block on since.
      calls.putPublicAccessBlock(one.bucketName, one.name !== 'invoices'),
      putBucket(one),
      ...(one.has.queue ? [calls.createQueue(`${one.name}-events`), putQueue(one)] : []),
      ...(one.has.topic ? [calls.createTopic(`${one.name}-topic`), putTopic(one)] : []),
      ...(one.has.key ? [calls.createKey(one.name, document(...one.key))] : []),
      ...(one.has.worker
        ? [
            calls.createRole(worker(one), trust(service('lambda'))),
            calls.attachRolePolicy(
              worker(one),
              account.awsPolicy('service-role/AWSLambdaBasicExecutionRole'),
            ),
            putWork(one),
            calls.createFunction(worker(one), worker(one)),
            calls.addPermission(worker(one), 'Api', invoker(one)),
          ]
        : []),
    ],
  }));
}

type Make = (one: Service, draw: Draw, others: readonly Service[]) => Call[];

/** What a Terraform run may do to a service. An empty list: it does not apply. */
const TERRAFORM: readonly Make[] = [
  function addPrefix(one, draw) {
    const prefix = `${draw.one(['exports', 'imports', 'tmp', 'archive', 'thumbnails'])}/${draw.number(50)}/*`;
    one.data.push(allow(['s3:GetObject', 's3:PutObject'], objects(one, prefix)));
    return putData(one);
  },
  function addRead(one, draw, others) {
    one.data.push(allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], table(draw.one(others).name)));
    return putData(one);
  },
  function addQueue(one, draw, others) {
    one.runtime.push(allow('sqs:SendMessage', arn('sqs', `${draw.one(others).name}-events`)));
    return [putRuntime(one)];
  },
  function narrow(one) {
    if (one.data.length < 4) return [];
    one.data.splice(3, 1);
    return putData(one);
  },
  function narrowRuntime(one) {
    if (one.runtime.length < 3) return [];
    one.runtime.splice(2, 1);
    return [putRuntime(one)];
  },
  function addKeyUser(one, draw, others) {
    if (!one.has.key) return [];
    const user = draw.one(others);
    one.key = one.key.filter(({ Sid }) => Sid !== `Use-${user.name}`);
    const principal = { AWS: iamArn(`role/${user.task}`) };
    one.key.push(grant(`Use-${user.name}`, principal, ['kms:Decrypt', 'kms:GenerateDataKey'], '*'));
    return [putKey(one)];
  },
  function subscribeQueue(one, draw, others) {
    if (!one.has.queue) return [];
    const topic = arn('sns', `${draw.one(others).name}-topic`);
    one.queue = one.queue.slice(0, 3);
    const sender = grant(
      `From${one.queue.length}`,
      service('sns'),
      'sqs:SendMessage',
      arn('sqs', `${one.name}-events`),
      fromArn(topic),
    );
    one.queue.push(sender);
    return [putQueue(one)];
  },
  function publishTo(one, draw) {
    if (!one.has.topic) return [];
    const by = draw.one(['cloudwatch', 's3', 'events', 'budgets']);
    one.topic = one.topic.filter(({ Sid }) => Sid !== by);
    one.topic.push(
      grant(by, service(by), 'sns:Publish', arn('sns', `${one.name}-topic`), account.sourceAccount),
    );
    return [putTopic(one)];
  },
  function deliverLogs(one) {
    if (one.bucket.some(({ Sid }) => Sid === 'Logs')) return [];
    one.bucket.push(
      grant('Logs', service('logging.s3'), 's3:PutObject', objects(one, 'logs/*'), account.sourceAccount),
    );
    return [putBucket(one)];
  },
  // Looks public: everybody, but only of the own organization.
  function readInOrganization(one) {
    if (one.name !== 'catalog' || one.bucket.some(({ Sid }) => Sid === 'Org')) return [];
    const inside = { StringEquals: { 'aws:PrincipalOrgID': account.ORGANIZATION } };
    one.bucket.push(grant('Org', '*', 's3:GetObject', objects(one, 'feeds/*'), inside));
    return [putBucket(one)];
  },
  // Looks public: the origin of a site, but only for one distribution.
  function serveByCloudFront(one, draw) {
    if (one.name !== 'media' && one.name !== 'catalog') return [];
    const sid = `Distribution${draw.number(2)}`;
    one.bucket = one.bucket.filter(({ Sid }) => Sid !== sid);
    const distribution = `arn:aws:cloudfront::${account.ACCOUNT}:distribution/E${account.digest(sid + one.bucket.length, 12).toUpperCase()}`;
    const only = { StringEquals: { 'AWS:SourceArn': distribution } };
    one.bucket.push(grant(sid, service('cloudfront'), 's3:GetObject', objects(one, 'site/*'), only));
    return [putBucket(one)];
  },
  function readFromTooling(one) {
    if (one.name !== 'reporting' || one.bucket.some(({ Sid }) => Sid === 'Tooling')) return [];
    const reader = { AWS: `arn:aws:iam::${account.TOOLING}:role/backup-copier` };
    one.bucket.push(grant('Tooling', reader, 's3:GetObject', objects(one, 'data/*')));
    return [putBucket(one)];
  },
  function redeployApi(one) {
    if (!one.has.worker) return [];
    one.permission += 1;
    return [
      calls.removePermission(worker(one), 'Api'),
      calls.addPermission(worker(one), 'Api', invoker(one)),
    ];
  },
  // Terraform applies again what is there.
  (one) => [putRuntime(one)],
  (one) => (one.has.queue ? [putQueue(one)] : []),
];

/** What a developer may do, beside Terraform, in policies with their own name. */
const DEVELOPER: readonly Make[] = [
  (one) =>
    addDebug(
      one,
      'logs',
      allow(
        ['logs:CreateLogGroup', 'logs:CreateLogStream'],
        arn('logs', `log-group:/aws/lambda/${one.name}*`),
      ),
    ),
  (one, draw) => addDebug(one, 's3', allow('s3:GetObject', objects(one, `incident-${draw.number(90)}/*`))),
  (one, draw, others) =>
    addDebug(one, 'read', allow(['dynamodb:Query', 'dynamodb:Scan'], table(draw.one(others).name))),
  (one, draw, others) =>
    addDebug(
      one,
      'queue',
      allow(['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'], arn('sqs', `${draw.one(others).name}-events`)),
    ),
  function cleanUp(one) {
    const [name] = one.debug.keys();
    if (name === undefined) return [];
    one.debug.delete(name);
    return [calls.deleteRolePolicy(one.task, name)];
  },
  function workMore(one, draw) {
    if (!one.has.worker) return [];
    one.work = one.work.slice(0, 4);
    one.work.push(allow('s3:GetObject', objects(one, `inbox-${draw.number(20)}/*`)));
    return [putWork(one)];
  },
];

function addDebug(one: Service, topic: string, statement: Statement): Call[] {
  const name = `debug-${topic}`;
  const statements = [...(one.debug.get(name) ?? []).slice(-2), statement];
  one.debug.set(name, statements);
  return [calls.putRolePolicy(one.task, name, document(...statements))];
}

/** Returns what happens to the services on a working day: Terraform runs of one service each, and developers. */
export function changeServices(all: readonly Service[], day: number, draw: Draw): Run[] {
  const gather = (makes: readonly Make[], of: Service, count: number) =>
    Array.from({ length: count }, () => draw.one(makes)(of, draw, all)).flat();
  const deploys = [9, 14].map((hour) => ({
    minute: at(day, hour, draw.number(55)),
    actor: account.terraform,
    calls: gather(TERRAFORM, draw.one(all), 2 + draw.number(2)),
  }));
  const visits = [10, 15].map((hour) => ({
    minute: at(day, hour, draw.number(55)),
    actor: draw.one([account.lena, account.amir, account.tove]),
    calls: gather(DEVELOPER, draw.one(all), 1),
  }));
  return [...deploys, ...visits];
}
