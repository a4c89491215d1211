/** What is left of an addition: granted, sleeping under somebody's Deny or limit, gone, or not known. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { judgeLeft, judgeRemains } from '../../../shared/guard/judge/judgeRemains.ts';
import { judgeStep } from '../../../shared/guard/judge/judgeStep.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { absentSnapshot, makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { TargetPart } from '../../../shared/targets/target.ts';

const target = {
  kind: 'iam-principal',
  arn: 'arn:aws:iam::111122223333:role/app',
  accountId: '111122223333',
  region: 'us-east-1',
} as const;
const inline = (name: string, Action: string, Effect = 'Allow'): TargetPart => ({
  id: `inline:${name}`,
  role: 'grant',
  document: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action, Resource: '*' }] }),
});
const both = (...parts: readonly TargetPart[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: parts.flatMap(
      ({ document = '' }) => (JSON.parse(document) as { Statement: unknown[] }).Statement,
    ),
  });
const holding = (...parts: readonly TargetPart[]) => makeSnapshot({ target, exists: true, parts });

describe('of `iam:*`, which a step added,', () => {
  const [own, added] = [inline('own', 's3:GetObject'), inline('x', 'iam:*')];
  const dependencies: Parameters<typeof judgeRemains>[1] = {
    engine: createEngine({ solver: 'atoms', linkPrincipal: true }),
    config: defaultConfig(),
    adapter: ADAPTERS['iam-principal'],
    knowledge: async () => NOTHING_KNOWN,
    permissionSetGrade: async () => undefined,
    uniqueIdsOf: async () => [],
    isClosedBucket: async () => false,
  };
  const step = { before: holding(own), after: holding(own, added) };
  const left = (...parts: readonly TargetPart[]) =>
    judgeRemains(
      { ...step, addition: { check: 'no-new-access', result: 'FAIL' }, live: holding(...parts) },
      dependencies,
    );

  it.each<[string, readonly TargetPart[], string]>([
    ['some is granted while any of it is', [own, inline('y', 'iam:PassRole')], 'granted'],
    ['all sleeps under a Deny', [own, added, inline('no', 'iam:*', 'Deny')], 'dormant'],
    ['all sleeps within a boundary', [own, added, { ...inline('b', 's3:*'), role: 'boundary' }], 'dormant'],
    ['nothing is left where only other access is granted', [own, inline('y', 'sqs:*')], 'gone'],
    ['nothing is left where a document denies its own', [own, inline('x', 'iam:*', 'Deny')], 'gone'],
    [
      'nothing is known beside a document that AWS does not show',
      [{ ...added, document: undefined }],
      'unknown',
    ],
  ])('%s', async (_, parts, expected) => {
    expect(await left(...parts)).toBe(expected);
  });

  it('what was put beneath a Deny sleeps as long as it is there, in the same document too', async () => {
    const [denied, widened] = [
      inline('x', 'iam:*', 'Deny'),
      { ...added, document: both(inline('x', 'iam:*', 'Deny'), added) },
    ];
    const request = {
      addition: { check: 'dormant-access', result: 'FAIL' } as const,
      before: holding(denied),
    };
    const after = holding(widened);

    expect(await judgeRemains({ ...request, after, live: after }, dependencies)).toBe('dormant');
    expect(await judgeRemains({ ...request, after, live: holding(own, denied) }, dependencies)).toBe('gone');
  });

  const READS = inline('y', 'iam:GetRole');

  it.each<[string, readonly TargetPart[], string | undefined]>([
    [
      'what is left while some has gone',
      [own, READS],
      'LOW role `app` can now call `iam:GetRole` on everything',
    ],
    [
      'nothing of what others added since',
      [own, READS, inline('z', 'sqs:*')],
      'LOW role `app` can now call `iam:GetRole` on everything',
    ],
    ['what it told first while none has gone', [own, added, inline('z', 'sqs:*')], undefined],
  ])('it tells %s', async (_, parts, told) => {
    const [addition] = await judgeStep(step, dependencies);
    if (addition === undefined) throw new Error('the step adds something');
    const asked = { ...addition, versions: { after: '' }, now: 'granted' as const };

    const said = await judgeLeft({ ...step, addition: asked, live: holding(...parts) }, dependencies);

    expect(said && `${said.grade} ${said.title}`).toBe(told);
  });

  it('nothing is left of a target that is not there', async () => {
    const nothing = { addition: { check: 'no-new-access', result: 'FAIL' }, before: holding(own) } as const;
    const dependencies = { engine: createEngine({ solver: 'atoms' }) } as never; // Nothing is asked.

    expect(
      await judgeRemains(
        { ...nothing, after: holding(own, added), live: absentSnapshot(target) },
        dependencies,
      ),
    ).toBe('gone');
  });
});
