/** Asking the guard's judge who becomes more privileged by a step of a role or a user. */
import { createEngine } from '../../../shared/checks/index.ts';
import { type Knowledge, NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { judgeStep } from '../../../shared/guard/judge/judgeStep.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { absentSnapshot, makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../../../shared/targets/target.ts';

const engine = createEngine({ solver: 'atoms', linkPrincipal: true });
export const ACCOUNT = '111122223333';

/** Returns the role or user `dev` as a target. */
export const targetOf = (entity: 'role' | 'user') =>
  ({
    kind: 'iam-principal',
    arn: `arn:aws:iam::${ACCOUNT}:${entity}/dev`,
    accountId: ACCOUNT,
    region: 'us-east-1',
  }) as const;

export type Statement = { readonly Action: string | readonly string[]; readonly Resource: string };

export const allow = (Action: Statement['Action'], Resource = '*'): Statement => ({ Action, Resource });

const documentOf = (statements: readonly Statement[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((one) => ({ Effect: 'Allow', ...one })),
  });

/** Returns `dev` with the statements in an inline policy, and with further parts. */
export function holding(
  entity: 'role' | 'user',
  statements: readonly Statement[],
  more: readonly TargetPart[] = [],
): Snapshot {
  const parts = [{ id: 'inline:a', role: 'grant', document: documentOf(statements) } as const, ...more];
  return makeSnapshot({ target: targetOf(entity), exists: true, parts });
}

export const role = (...statements: readonly Statement[]): Snapshot => holding('role', statements);
export const HARMLESS = role(allow('s3:ListAllMyBuckets'));
export const NOBODY = absentSnapshot(targetOf('role'));

/** Returns the gravest answer about the step. */
export async function gained(
  step: { readonly before: Snapshot; readonly after: Snapshot; readonly predecessors?: readonly Snapshot[] },
  knowledge: Knowledge = NOTHING_KNOWN,
) {
  const [first] = await judgeStep(step, {
    engine,
    config: { ...defaultConfig(), criticalAccess: [] },
    adapter: ADAPTERS['iam-principal'],
    knowledge: async () => knowledge,
    permissionSetGrade: async () => undefined,
    uniqueIdsOf: async () => [],
    isClosedBucket: async () => false,
  });
  return first;
}

/** Something that the service's calls take. */
const RESOURCES: { readonly [service: string]: string } = {
  apprunner: 'service/app/0123456789abcdef0123456789abcdef',
  cloudformation: 'stack/app/*',
  codebuild: 'project/app',
  ec2: 'launch-template/lt-0123456789abcdef0',
  'ec2-instance-connect': 'instance/i-0123456789abcdef0',
  glue: 'devEndpoint/app',
  lambda: 'function:app',
  sagemaker: 'notebook-instance/app',
  ssm: 'instance/i-0123456789abcdef0',
};

/** What belongs to another service than the call. */
const OWNERS: { readonly [service: string]: string } = { 'ec2-instance-connect': 'ec2', ssm: 'ec2' };

/** Statements that grant each permission on one resource only: what the path leads to, and something of each service. */
export function narrowly(permissions: readonly string[]): Statement[] {
  return permissions.map((permission) => {
    const [service = '', call = ''] = permission.split(':');
    if (service !== 'iam' && service !== 'sts') {
      const lifecycle = call.includes('LifecycleConfig')
        ? 'notebook-instance-lifecycle-config/app'
        : undefined;
      const resource = lifecycle ?? RESOURCES[service] ?? 'resource/app';
      return allow(permission, `arn:aws:${OWNERS[service] ?? service}:eu-west-1:111122223333:${resource}`);
    }
    const entity = /User|AccessKey|LoginProfile/.test(call)
      ? /AddUserToGroup/.test(call)
        ? 'group'
        : 'user'
      : /Group/.test(call)
        ? 'group'
        : /PolicyVersion/.test(call)
          ? 'policy'
          : 'role';
    return allow(permission, `arn:aws:iam::111122223333:${entity}/other`);
  });
}
