import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { describe, expect, it } from 'vitest';
import { EVENT_TABLE } from '../../shared/changes/eventTable.ts';

type Resource = { readonly Type: string; readonly Properties: { readonly [name: string]: unknown } };
type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
};

const path = fileURLToPath(
  new URL('../../.package/stack/cloudformation-template-update-stack.json', import.meta.url),
);
const text = readFileSync(path, 'utf8');
const { Resources: resources } = JSON.parse(text) as { Resources: { readonly [id: string]: Resource } };
const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
const functions = ofType('AWS::Lambda::Function');

/** The statements of a role's inline policies, or of a managed policy. */
function statementsOf({ Properties }: Resource): Statement[] {
  const inline = (Properties['Policies'] ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  const own = Properties['PolicyDocument'] as { Statement: Statement[] } | undefined;
  return [...inline.flatMap(({ PolicyDocument }) => PolicyDocument.Statement), ...(own?.Statement ?? [])];
}

/** Every policy statement of every role and managed policy of the stack. */
const statements = [...ofType('AWS::IAM::Role'), ...ofType('AWS::IAM::ManagedPolicy')].flatMap(
  ([, resource]) => statementsOf(resource),
);

/** The actions that a role or managed policy allows. */
function grantedTo(id: string): string[] {
  const resource = resources[id];
  if (resource === undefined) throw new Error(`the template has no \`${id}\``);
  return statementsOf(resource)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
}

/** What only a sweep calls, and no function sweeps. */
const LISTINGS = ['ListBuckets', 'ListFunctions', 'ListGroups', 'ListPolicies', 'ListRoles', 'ListUsers'];

/** The AWS calls that the code of the targets imports, as actions: `s3:GetBucketPolicy`. */
const policyCalls = (() => {
  const folder = fileURLToPath(new URL('../../shared/targets/', import.meta.url));
  const code = readdirSync(folder)
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    .join('\n');
  const calls = [...code.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g)].flatMap(
    ([, names = '', service]) =>
      [...names.matchAll(/(\w+)Command\b/g)].flatMap(([, call = '']) =>
        LISTINGS.includes(call) ? [] : [`${service}:${call}`],
      ),
  );
  return [...new Set(calls)].sort();
})();

const isRead = (call: string) => /:(Get|List)/.test(call);

describe('the packaged template', () => {
  it('has functions', () => {
    expect(functions.map(([id]) => id)).toEqual(['DetectLambdaFunction', 'RollbackLambdaFunction']);
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
        Timeout: 120,
        Runtime: 'nodejs24.x',
        ReservedConcurrentExecutions: expect.any(Number),
      });
      expect(alarms.map(([, { Properties }]) => Properties['MetricName']).sort()).toEqual([
        'Errors',
        'Throttles',
      ]);
    },
  );

  it('gives no role a wildcard action', () => {
    const actions = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);

    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(actions.length).toBeGreaterThan(20);
  });

  it('lets only the rollback role write policies, within its boundary', () => {
    const writers = ofType('AWS::IAM::Role').filter(([, { Properties }]) =>
      JSON.stringify(Properties['Policies']).includes('iam:Put'),
    );

    expect(writers.map(([id]) => id)).toEqual(['RollbackRole']);
    expect(writers[0]?.[1].Properties['PermissionsBoundary']).toEqual({ Ref: 'RollbackBoundary' });
  });

  it.each(['DetectRole', 'RollbackRole'])('grants %s the calls that read policies', (role) => {
    expect(grantedTo(role)).toEqual(expect.arrayContaining(policyCalls.filter(isRead)));
  });

  it('grants the rollback role, and its boundary, the calls that restore policies, and no other writes', () => {
    const writes = policyCalls.filter((call) => !isRead(call));
    const writesOf = (calls: readonly string[]) =>
      calls.filter((call) => /^(iam|lambda):|^s3:.*Policy$/.test(call) && !isRead(call)).sort();

    expect(writesOf(grantedTo('RollbackRole'))).toEqual(writes);
    expect(writesOf(grantedTo('RollbackBoundary'))).toEqual(writes);
    expect(writesOf(grantedTo('DetectRole'))).toEqual([]);
    expect(grantedTo('RollbackBoundary')).toEqual(expect.arrayContaining(grantedTo('RollbackRole')));
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
    expect(denied?.Resource).toHaveLength(4);
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

    expect(drawn).toEqual(['UnknownVerdicts', 'UnreadableEvents']);
    expect(watched).toEqual(expect.arrayContaining(drawn));
  });

  it('keeps the bucket of versions when the stack goes', () => {
    expect(resources['VersionsBucket']).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  it.each(EVENT_TABLE.map(({ source, name }) => [source, name] as const))(
    'has a rule for %s %s',
    (source, name) => {
      const patterns = ofType('AWS::Events::Rule').map(
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
