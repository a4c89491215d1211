import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { describe, expect, it } from 'vitest';
import { EVENT_TABLE } from '../../shared/services/eventTable.ts';
import { SELF_PROTECTION_TABLE } from '../../shared/services/selfProtection.ts';

type Statement = {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
};
type Resource = {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: {
    readonly EventPattern: {
      readonly detail: {
        readonly eventSource: readonly string[];
        readonly eventName: readonly (string | { readonly prefix: string })[];
      };
    };
    readonly Targets: readonly { readonly Arn: unknown }[];
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
    readonly ManagedPolicyArns: readonly { readonly Ref: string }[];
  };
};

const folder = new URL('../../.package/', import.meta.url);
const path = fileURLToPath(new URL('organization.json', folder));
const resourcesOf = (file: URL | string): { readonly [id: string]: Resource } =>
  JSON.parse(readFileSync(file, 'utf8')).Resources;
const resources = resourcesOf(path);
const hub = resourcesOf(new URL('stack/cloudformation-template-update-stack.json', folder));
const named = (id: string): Resource => {
  const resource = resources[id];
  if (resource === undefined) throw new Error(`the template has no \`${id}\``);
  return resource;
};
const rules = Object.values(resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
const grantedTo = (role: string) =>
  named(role).Properties.ManagedPolicyArns.flatMap(({ Ref }) =>
    named(Ref).Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action),
  );
const isRead = (action: string) => /:(Get|List|Describe|GET)/.test(action);

describe('the template of member accounts', () => {
  it.each([...EVENT_TABLE, ...SELF_PROTECTION_TABLE].map(({ source, name }) => [source, name] as const))(
    'has a rule for %s %s',
    (source, name) => {
      const names = rules
        .map(({ Properties }) => Properties.EventPattern.detail)
        .filter(({ eventSource }) => eventSource.includes(source))
        .flatMap(({ eventName }) => eventName);

      expect(names).toContainEqual(name.endsWith('*') ? { prefix: name.slice(0, -1) } : name);
    },
  );

  it('hands every event to the hub and to nobody else', () => {
    const targets = rules.flatMap(({ Properties }) => Properties.Targets.map(({ Arn }) => Arn));

    expect(new Set(targets.map((arn) => JSON.stringify(arn)))).toEqual(new Set(['{"Ref":"HubBusArn"}']));
    expect(targets).toHaveLength(rules.length);
  });

  it('lets only functions of the hub, of the same organization, take on the roles', () => {
    for (const [role, trusted] of [
      ['ReadRole', 'ReaderArns'],
      ['RestoreRole', 'RestorerArn'],
    ] as const) {
      expect(named(role).Properties).toMatchObject({
        Path: '/ratchet/',
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccountId}:root` } },
              Condition: {
                ArnEquals: { 'aws:PrincipalArn': { Ref: trusted } },
                StringEquals: {
                  'aws:PrincipalOrgID': { Ref: 'OrganizationId' },
                  'sts:ExternalId': { Ref: 'ExternalId' },
                },
              },
            },
          ],
        },
      });
    }
  });

  it('names the roles as the functions of the hub take them on', () => {
    const may = (id: string) => hub[id]?.Properties.PolicyDocument.Statement.map(({ Resource }) => Resource);
    const roleArn = (name: string) => ({
      'Fn::Sub': `arn:\${AWS::Partition}:iam::*:role/ratchet/${name}`,
    });

    expect(named('ReadRole').Properties).toMatchObject({ RoleName: 'ratchet-read' });
    expect(named('RestoreRole').Properties).toMatchObject({ RoleName: 'ratchet-restore' });
    expect(may('ReadMembersPolicy')).toEqual([roleArn('ratchet-read')]);
    expect(may('RestoreMembersPolicy')).toEqual([roleArn('ratchet-restore')]);
  });

  it('reads with one role as the hub reads, and writes with the other only, as the hub writes', () => {
    const hubWrites = Object.entries(hub)
      .filter(([id]) => /^Write\w+Policy$/.test(id))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action));

    expect(grantedTo('ReadRole').filter((action) => !isRead(action))).toEqual([]);
    expect(grantedTo('RestoreRole').filter((action) => !isRead(action))).toEqual(
      hubWrites.filter((action) => !isRead(action)),
    );
    expect(hubWrites.length).toBeGreaterThan(40);
  });

  it('restores under a boundary that keeps the guard itself out of reach, and only where it is turned on', () => {
    const statements = named('RestoreBoundary').Properties.PolicyDocument.Statement;
    const denied = JSON.stringify(statements.find(({ Effect }) => Effect === 'Deny')?.Resource);

    expect(named('RestoreRole').Properties).toMatchObject({
      PermissionsBoundary: { Ref: 'RestoreBoundary' },
    });
    expect(statements.map(({ Sid }) => Sid)).toEqual(['Write', 'Read', 'NeverTheGuard']);
    expect(denied).toContain(':role/ratchet/*');
    expect(denied).toContain(':policy/ratchet/*');
    for (const id of ['RestoreRole', 'RestoreBoundary', 'Write1Policy'])
      expect(named(id)).toMatchObject({ Condition: 'WithRestore' });
  });

  it('makes what belongs to IAM once an account, but for the role that each Region forwards with', () => {
    const anywhere = Object.entries(resources)
      .filter(([, { Type, Condition }]) => Type.startsWith('AWS::IAM::') && Condition === undefined)
      .map(([id]) => id);

    expect(anywhere).toEqual(['ForwardRole']);
  });

  it('has no error by the published resource schemas', () => {
    const engine = new RegoEngine();
    const report = engine.validateStandard(new TemplateFile(path));
    engine.free();

    const errors = report.diagnostics.filter(({ severity }) => /^(err|fatal)/i.test(String(severity)));
    expect(errors.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });
});
