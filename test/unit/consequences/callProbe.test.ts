import { describe, expect, it, vi } from 'vitest';
import { createEngine, type Engine } from '../../../shared/checks/index.ts';
import { isGranted } from '../../../shared/checks/noNewAccess.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import { createCallProbe } from '../../../shared/consequences/callProbe.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../../../shared/policy/policySet.ts';

const engine = createEngine({ solver: 'atoms' });

const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const deny = (Action: string, Resource = '*') => ({ Effect: 'Deny', Action, Resource });

function document(name: string, Statement: object[]): NamedPolicy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement });
  const result = parsePolicy(text, { policyType: 'IDENTITY_POLICY', sourceName: name });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return { name, policy: result.policy };
}

function setOf(statements: object[], boundary?: object[]): PolicySet {
  return {
    policies: [document('inline', statements)],
    ...(boundary === undefined ? {} : { boundary: [document('boundary', boundary)] }),
  };
}

describe('a call on whatever it can be made on', () => {
  it.each([
    ['everything on objects', [allow('*', 'arn:aws:s3:::b/*')], false],
    [
      'all but a service on objects',
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::b/*' }],
      false,
    ],
    ['everything on what the call takes', [allow('*', 'arn:aws:iam::111122223333:root')], true],
    [
      'everything on all but objects',
      [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/*' }],
      true,
    ],
    ['everything everywhere', [allow('*')], true],
  ])('is granted by %s iff AWS says that it takes such a resource', async (_, statements, expected) => {
    const call = await createCallProbe(setOf(statements), engine).grants({ action: 'sts:AssumeRoot' });

    expect(call !== undefined).toBe(expected);
  });
});

describe('the calls of one set are within those of another', () => {
  const pass = allow('iam:PassRole');
  const everything = [allow('*')];
  const rows: readonly [string, PolicySet, PolicySet, boolean][] = [
    ['the same words', setOf([pass]), setOf([pass]), true],
    ['a statement about other actions more', setOf([pass, allow('s3:Get*')]), setOf([pass]), true],
    ['a statement that names the action more', setOf([pass, allow('iam:*')]), setOf([pass]), false],
    ['another resource', setOf([allow('iam:PassRole', 'arn:aws:iam::*:role/a')]), setOf([pass]), false],
    ['a Deny more', setOf([pass, deny('iam:*')]), setOf([pass]), true],
    ['a Deny less', setOf([pass]), setOf([pass, deny('iam:*')]), false],
    ['a boundary more', setOf([pass], everything), setOf([pass]), true],
    ['a boundary less', setOf([pass]), setOf([pass], [allow('s3:*')]), false],
    ['the same boundary', setOf([pass], everything), setOf([pass], everything), true],
    ['another boundary', setOf([pass], everything), setOf([pass], [allow('s3:*')]), false],
    [
      'a Deny less in the boundary',
      setOf([pass], everything),
      setOf([pass], [...everything, deny('iam:*')]),
      false,
    ],
    ['an action that nobody allows', setOf([allow('s3:*')]), setOf([]), true],
  ];

  it.each(rows)('%s', (_, here, there, expected) => {
    const probe = createCallProbe(there, engine);
    expect(probe.covers(createCallProbe(here, engine), ['iam:PassRole'])).toBe(expected);
  });

  it.each(rows)('and the engine finds no call besides: %s', async (_, here, there, isWithin) => {
    const call = await createCallProbe(here, engine).grants({ action: 'iam:PassRole' });
    const more = call !== undefined && !isGranted(there, await call.show());
    expect(isWithin && more).toBe(false);
  });
});

describe('a granted call', () => {
  it('is none on texts that name no resource', async () => {
    const probe = createCallProbe(setOf([allow('s3:GetObject')]), engine);

    expect(await probe.grants({ action: 's3:GetObject', resources: ['bucket'] })).toBeUndefined();
  });

  it('is shown as a call that AWS could see', async () => {
    const call = await createCallProbe(setOf([allow('*')]), engine).grants({ action: 'iam:PassRole' });
    expect(await call?.show()).toMatchObject({
      action: 'iam:PassRole',
      resource: expect.stringMatching(/^arn:aws:iam::\d{12}:role\//),
    });
  });
});

describe('a question that was decided before', () => {
  const whoMay = async (asker: Pick<Engine, 'checkAccessNotGranted'>, set: PolicySet) =>
    (await createCallProbe(set, asker).grants({ action: 'iam:PassRole' })) !== undefined;
  const counting = (answer: Engine['checkAccessNotGranted'] = engine.checkAccessNotGranted) => ({
    checkAccessNotGranted: vi.fn(answer),
  });
  const pass = allow('iam:PassRole');

  it.each([
    ['the same words', setOf([pass]), setOf([pass]), 1],
    ['a statement about other actions more', setOf([pass]), setOf([allow('s3:Get*'), pass]), 1],
    ['a Deny of other actions more', setOf([pass]), setOf([pass, deny('s3:*')]), 1],
    ['a Deny of the action more', setOf([pass]), setOf([pass, deny('iam:*')]), 2],
    ['a boundary more', setOf([pass]), setOf([pass], [allow('s3:*')]), 2],
    ['the boundary’s words beside', setOf([allow('*')], [pass]), setOf([allow('*'), pass]), 2],
    ['another resource', setOf([pass]), setOf([allow('iam:PassRole', 'arn:aws:iam::*:role/a')]), 2],
    ['an Allow that denies now', setOf([pass, allow('iam:*')]), setOf([pass, deny('iam:*')]), 2],
  ])('is asked again only if it may be answered otherwise: %s', async (_, then, now, times) => {
    const asker = counting();
    const said = [await whoMay(asker, then), await whoMay(asker, now)];

    expect(asker.checkAccessNotGranted).toHaveBeenCalledTimes(times);
    expect(said).toStrictEqual([await whoMay(counting(), then), await whoMay(counting(), now)]);
  });

  it('is asked again where it could not be decided', async () => {
    const unknown = { result: 'UNKNOWN', cause: 'the time is over' } as Verdict;
    const asker = counting(async () => unknown);
    await whoMay(asker, setOf([pass]));
    await whoMay(asker, setOf([pass]));

    expect(asker.checkAccessNotGranted).toHaveBeenCalledTimes(2);
  });
});
