/** Every row of the catalogue, and what is nearly that row and is not. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { ESCALATION_PATHS } from '../../../shared/consequences/escalationPaths.ts';
import { findEscalations } from '../../../shared/consequences/findEscalations.ts';
import { type Holder, type Knowledge, NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import type { EscalationPath } from '../../../shared/consequences/paths/path.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine({ solver: 'atoms' });
const DEV: Holder = { arn: 'arn:aws:iam::111122223333:role/dev', policyArns: [], groupArns: [] };

type Statement = { readonly Action: string; readonly [element: string]: unknown };

const allow = (Action: string, Resource: unknown = '*'): Statement => ({ Effect: 'Allow', Action, Resource });

async function found(
  statements: readonly Statement[],
  knowledge: Knowledge = NOTHING_KNOWN,
): Promise<string[]> {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const result = parsePolicy(text, { policyType: 'IDENTITY_POLICY', sourceName: 'inline:a' });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  const set = { policies: [{ name: 'inline:a', policy: result.policy }] };
  return (await findEscalations({ set, holder: DEV, knowledge }, engine)).map(({ path }) => path.id);
}

const actionsOf = ({ steps }: EscalationPath) => steps.map(({ action }) => action);
/** A path that frees from a boundary or a Deny has a holder with one. */
const paths = ESCALATION_PATHS.filter(({ needs }) => needs === undefined);
const long = paths.filter(({ steps }) => steps.length > 1);
const passing = paths.filter(({ passedTo }) => passedTo !== undefined);
const ofOneResource = paths.filter(({ steps }) => steps.some(({ on }) => on === 'one-resource'));

it.each(paths)('$id is found where all its calls are granted', async (path) => {
  expect(await found(actionsOf(path).map((action) => allow(action)))).toContain(path.id);
});

describe('near misses', () => {
  it.each(long)('$id is not found where any of its calls is missing', async (path) => {
    for (const missing of actionsOf(path)) {
      const others = actionsOf(path).filter((action) => action !== missing);

      expect(await found(others.map((action) => allow(action)))).not.toContain(path.id);
    }
  });

  it.each(paths)('$id is not found where a Deny forbids one of its calls', async (path) => {
    const grants = actionsOf(path).map((action) => allow(action));
    for (const action of actionsOf(path))
      expect(await found([...grants, { Effect: 'Deny', Action: action, Resource: '*' }])).not.toContain(
        path.id,
      );
  });

  it.each(passing)('$id is not found where roles are passed to another service only', async (path) => {
    const only = { StringEquals: { 'iam:PassedToService': 'nothing.amazonaws.com' } };
    const [, ...others] = actionsOf(path);

    expect(
      await found([{ ...allow('iam:PassRole'), Condition: only }, ...others.map((action) => allow(action))]),
    ).not.toContain(path.id);
  });

  it.each(passing)(
    '$id is not found where the one role that may be passed trusts another service',
    async (path) => {
      const arn = 'arn:aws:iam::111122223333:role/app';
      const knowledge: Knowledge = {
        administrators: [arn],
        factsOf: (one) =>
          one === arn
            ? { trusts: ['nothing.amazonaws.com'], isAdministrator: true, isPrivileged: true }
            : undefined,
      };
      const [, ...others] = actionsOf(path);

      expect(
        await found([allow('iam:PassRole', arn), ...others.map((action) => allow(action))], knowledge),
      ).not.toContain(path.id);
    },
  );

  it.each(ofOneResource)(
    '$id is not found where its calls are granted on different resources',
    async (path) => {
      const resources = path.steps.filter(({ on }) => on === 'one-resource').map(({ action }) => action);
      const statements = path.steps.map(({ action, on }) => {
        const [service = ''] = action.split(':');
        const name = `arn:aws:${service}:eu-west-1:111122223333:resource/${resources.indexOf(action)}`;
        return allow(action, on === 'one-resource' ? name : '*');
      });

      expect(await found(statements)).not.toContain(path.id);
    },
  );
});
