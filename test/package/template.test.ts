import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { describe, expect, it } from 'vitest';
import { EVENT_TABLE } from '../../shared/services/eventTable.ts';
import { KINDS } from '../../shared/services/registry.ts';
import { SELF_PROTECTION_TABLE } from '../../shared/services/selfProtection.ts';
import { archiveKey, documentKey, noteKey, pointerKey, statePrefix } from '../../shared/store/objectKey.ts';

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

  it('lets nobody but its functions write what the store keeps', () => {
    const { PolicyDocument } = (resources['VersionsBucketPolicy'] as Resource).Properties as {
      PolicyDocument: { Statement: (Statement & { readonly Sid: string })[] };
    };
    const guarded = PolicyDocument.Statement.find(({ Sid }) => Sid === 'MemoryIsForTheGuard');
    const folders = [
      documentKey('x'),
      statePrefix('bucket-policy'),
      pointerKey('x'),
      archiveKey('x'),
      noteKey('x'),
    ].map((key) => key.slice(0, key.indexOf('/')));

    expect(guarded).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      Resource: folders.map((folder) => ({ 'Fn::Sub': `\${VersionsBucket.Arn}/${folder}/*` })),
      Condition: {
        ArnNotEquals: {
          'aws:PrincipalArn': ['DetectRole', 'SweepRole', 'ApproveRole', 'RollbackRole'].map((role) => ({
            'Fn::GetAtt': [role, 'Arn'],
          })),
        },
      },
    });
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
