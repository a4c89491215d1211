/** Which content a restore writes. */
import { describe, expect, it } from 'vitest';
import { statementsOf } from '../../../shared/guard/statements.ts';
import type { TargetPart } from '../../../shared/targets/target.ts';
import {
  ACCOUNT,
  allow,
  BUCKET,
  document,
  holding,
  inline,
  KEY,
  propose,
  ROLE,
  targetOf,
  text,
} from './restoring.ts';

describe('what is written', () => {
  const before = holding(ROLE, inline('p', allow('s3:GetObject')));
  const widened = holding(ROLE, inline('p', allow('s3:GetObject'), allow('iam:PassRole')));

  it('is the previous text where the change only added', async () => {
    const { verdict, parts } = await propose({
      live: widened,
      removed: [{ before, after: widened, parts: ['inline:p'] }],
    });

    expect(verdict).toMatchObject({ how: 'previous', losesOld: false });
    expect(parts).toEqual({ 'inline:p': [allow('s3:GetObject')] });
  });

  const wide = allow('s3:GetObject', 's3:PutObject', 'sqs:*', 'sns:*');
  it.each([
    ['what stood between', [allow('s3:GetObject', 's3:PutObject'), allow('s3:GetObject')], 'previous'],
    ['what both allowed', [allow('s3:GetObject', 's3:PutObject'), allow('s3:GetObject', 'sqs:*')], 'tighten'],
    [
      'what all three allowed',
      [
        allow('s3:GetObject', 'sqs:*', 'sns:*'),
        allow('s3:GetObject', 's3:PutObject', 'sns:*'),
        allow('s3:GetObject', 's3:PutObject', 'sqs:*'),
      ],
      'tighten',
    ],
  ])('is %s where a text was widened, changed by others, and widened again', async (_, texts, how) => {
    const live = holding(ROLE, inline('p', wide));

    const { verdict, parts } = await propose({
      live,
      removed: texts.map((statement) => ({
        before: holding(ROLE, inline('p', statement)),
        after: live,
        parts: ['inline:p'],
      })),
    });

    expect(verdict).toMatchObject({ how, losesOld: false });
    const statements = parts['inline:p'] as readonly { readonly Action: string | readonly string[] }[];
    expect(statements.flatMap(({ Action }) => Action)).toEqual(['s3:GetObject']);
  });

  it('says so where it takes what each step found granted, by one part or another', async () => {
    const get = inline('p', allow('s3:GetObject'));
    const attached = inline('q', allow('s3:GetObject'));
    const live = holding(ROLE, inline('p', allow('s3:*')));
    const asked = {
      live,
      removed: [
        { before: holding(ROLE, get), after: live, parts: ['inline:p'] },
        { before: holding(ROLE, inline('p', allow('sqs:*')), attached), after: live, parts: ['inline:p'] },
      ],
    };

    const [declined, written] = [await propose(asked), await propose({ ...asked, mayLoseOld: true })];

    expect(declined.verdict.kind).toBe('none');
    expect(written.verdict).toMatchObject({ losesOld: true });
  });

  it('keeps what somebody else added to the same text since', async () => {
    const live = holding(
      ROLE,
      inline('p', allow('s3:GetObject'), allow('iam:PassRole'), allow('sqs:SendMessage')),
    );

    const { verdict, parts } = await propose({
      live,
      removed: [{ before, after: widened, parts: ['inline:p'] }],
    });

    expect(verdict).toMatchObject({ how: 'tighten', losesOld: false });
    expect(parts).toEqual({ 'inline:p': [allow('s3:GetObject'), allow('sqs:SendMessage')] });
  });

  it('keeps what somebody else added between two changes that are to go', async () => {
    const approved = [allow('s3:GetObject'), allow('iam:PassRole'), allow('sqs:SendMessage')];
    const between = holding(ROLE, inline('p', ...approved));
    const live = holding(ROLE, inline('p', ...approved, allow('kms:Decrypt')));

    const { parts } = await propose({
      live,
      removed: [
        { before, after: widened, parts: ['inline:p'] },
        { before: between, after: live, parts: ['inline:p'] },
      ],
    });

    expect(parts).toEqual({ 'inline:p': [allow('s3:GetObject'), allow('sqs:SendMessage')] });
  });

  it('keeps a text that somebody else wrote between two changes, where nothing of it is to go', async () => {
    const own = inline('p', allow('s3:GetObject'));
    const theirs = inline('q', allow('sqs:SendMessage'));
    const granting = (...more: readonly string[]) => inline('p', allow('s3:GetObject'), allow(...more));
    const live = holding(ROLE, granting('iam:PassRole', 'kms:Decrypt'), theirs);

    const { parts } = await propose({
      live,
      removed: [
        { before: holding(ROLE, own), after: holding(ROLE, granting('iam:PassRole')), parts: ['inline:p'] },
        {
          before: holding(ROLE, granting('iam:PassRole'), theirs),
          after: live,
          parts: ['inline:p', 'inline:q'],
        },
      ],
    });

    expect(parts).toEqual({
      'inline:p': [allow('s3:GetObject')],
      'inline:q': [allow('sqs:SendMessage')],
    });
  });

  it.each([
    ['as it was', inline('q', allow('sqs:SendMessage')), { 'inline:q': [allow('sqs:SendMessage')] }],
    ['gone, where it was not there', undefined, {}],
  ])('is, of a part to which others moved what was added, that part %s', async (_, was, expected) => {
    const own = inline('p', allow('s3:GetObject'));
    const moved = inline('q', ...statementsOf(was?.document), allow('iam:PassRole'));
    const beside = was === undefined ? [] : [was];

    const { parts } = await propose({
      live: holding(ROLE, own, moved),
      removed: [
        {
          before: holding(ROLE, own, ...beside),
          after: holding(ROLE, inline('p', allow('s3:GetObject'), allow('iam:PassRole')), ...beside),
          parts: ['inline:p'],
        },
      ],
      later: [{ id: 'inline:q', before: holding(ROLE, own, ...beside) }],
    });

    expect(parts).toEqual({ 'inline:p': [allow('s3:GetObject')], ...expected });
  });

  it('keeps what an event says that somebody exempt added to the same text', async () => {
    const [mine, theirs, bad] = [allow('s3:GetObject'), allow('sqs:SendMessage'), allow('iam:PassRole')];
    const live = holding(ROLE, inline('p', mine, theirs, bad));
    const removed = [{ before, after: live, parts: ['inline:p'] }];

    const spared = [{ part: 'inline:p', adds: text(theirs) }];

    expect((await propose({ live, removed, spared })).parts).toEqual({ 'inline:p': [mine, theirs] });
    expect((await propose({ live, removed })).parts).toEqual({ 'inline:p': [mine] });
  });

  it('without a statement left is no text at all', async () => {
    const live = holding(ROLE, inline('p', allow('iam:PassRole')));

    const { verdict, parts } = await propose({
      live,
      removed: [{ before, after: live, parts: ['inline:p'] }],
    });

    expect(verdict).toMatchObject({ how: 'tighten' });
    expect(parts).toEqual({});
  });

  it.each(['was another text', 'is not known'])(
    'without a statement left is the least text of a kind that always holds one, where what was there %s',
    async (known) => {
      const trust = targetOf('role-trust', ROLE.arn);
      const trusts = (AWS: string) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
      const live = holding(trust, document(trusts('444455556666')));
      const before = known === 'is not known' ? {} : { before: holding(trust, document(trusts(ACCOUNT))) };

      const { parts } = await propose({ live, removed: [{ ...before, after: live, parts: ['document'] }] });

      expect(parts).toEqual({
        document: [
          {
            ...trusts('444455556666'),
            Effect: 'Deny',
            Condition: {
              StringEquals: { 'aws:PrincipalAccount': '000000000000' },
              StringNotEquals: { 'aws:PrincipalAccount': '000000000000' },
            },
          },
        ],
      });
    },
  );
});

describe('what somebody put under a limit that an exempt change took away', () => {
  const begin = [inline('app', allow('s3:GetObject'))];
  const limit: TargetPart = { ...inline('', allow('ec2:*')), id: 'boundary:arn', role: 'boundary' };
  const waiting = inline('b', allow('iam:PassRole'));
  const [before, live] = [holding(ROLE, ...begin, limit, waiting), holding(ROLE, ...begin, waiting)];
  const parts = ['boundary:arn', 'inline:b'];

  it('goes, and what the change gave back to others stays', async () => {
    const removed = [{ before, after: live, parts, woken: [{ id: 'inline:b' }] }];

    const { verdict, parts: written } = await propose({ live, removed, free: ['inline:b'] });

    expect(verdict).toMatchObject({ kind: 'candidate', losesOld: false });
    expect(written).toEqual({ 'inline:app': [allow('s3:GetObject')] });
  });
});

describe('what somebody exempt wrote since', () => {
  it('stays, though the change that goes had granted it too', async () => {
    const own = inline('own', allow('s3:GetObject'));
    const all = inline('x', allow('*'));
    const deployed = inline('deploy', allow('sqs:SendMessage'));
    const [before, after] = [holding(ROLE, own), holding(ROLE, own, all)];

    const { parts } = await propose({
      live: holding(ROLE, own, all, deployed),
      removed: [{ before, after, parts: ['inline:x'] }],
      left: ['inline:deploy'],
    });

    expect(parts).toEqual({
      'inline:own': [allow('s3:GetObject')],
      'inline:deploy': [allow('sqs:SendMessage')],
    });
  });
});

describe('a Deny that went with a policy', () => {
  it('comes back without what the policy allowed', async () => {
    const on = (Effect: string, Action: string) => ({
      Effect,
      Principal: { AWS: ACCOUNT },
      Action,
      Resource: 'arn:aws:s3:::b/*',
    });
    const before = holding(BUCKET, document(on('Allow', 's3:GetObject'), on('Deny', 's3:DeleteObject')));
    const live = holding(BUCKET);
    const lost = { before, after: live, parts: ['document'], addition: { isBeside: true } } as const;

    expect((await propose({ live, removed: [lost] })).parts).toEqual({
      document: [on('Deny', 's3:DeleteObject')],
    });
  });

  it.each([
    ['alone', []],
    ['once where another text that stays may be written too', ['inline:q']],
  ])('comes back where it stood, %s', async (_, others) => {
    const deny = { Effect: 'Deny', Action: 'iam:PassRole', Resource: '*' };
    const woken = inline('q', allow('iam:PassRole'));
    const before = holding(ROLE, inline('p', deny, allow('s3:GetObject')), woken);
    const live = holding(ROLE, woken);
    const removed = [{ before, after: live, parts: ['inline:p'] }];

    const { parts } = await propose({ live, removed, free: ['inline:p', ...others] });

    expect(parts).toEqual({ 'inline:p': [deny], 'inline:q': [allow('iam:PassRole')] });
  });
});

describe('access that was granted before, and would go as well,', () => {
  // What is left of `s3:*` without `s3:Get*` only a further Deny could say.
  const before = holding(
    ROLE,
    inline('p', { Effect: 'Allow', NotAction: ['s3:Get*', 'iam:*'], Resource: '*' }),
  );
  const live = holding(ROLE, inline('p', allow('s3:*', 'iam:PassRole')));
  const removed = [{ before, after: live, parts: ['inline:p'] }];

  it('goes only where that is allowed, and the verdict says so', async () => {
    expect((await propose({ live, removed, mayLoseOld: true })).verdict).toMatchObject({
      kind: 'candidate',
      losesOld: true,
    });
  });

  it('is otherwise a reason to write nothing', async () => {
    expect((await propose({ live, removed })).verdict).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('would also remove access that was granted before'),
    });
  });

  it.each([true, false])(
    'and that others added to the same list counts as that, allowed: %s',
    async (mayLoseOld) => {
      const [was, then] = [allow('s3:GetObject'), allow('s3:GetObject', 'iam:PassRole')];
      const now = holding(ROLE, inline('p', allow('s3:GetObject', 'iam:PassRole', 'sqs:SendMessage')));

      const { verdict } = await propose({
        live: now,
        removed: [
          {
            before: holding(ROLE, inline('p', was)),
            after: holding(ROLE, inline('p', then)),
            parts: ['inline:p'],
          },
        ],
        mayLoseOld,
      });

      expect(verdict).toMatchObject(mayLoseOld ? { how: 'tighten', losesOld: true } : { kind: 'none' });
    },
  );
});

const URL_OF_FUNCTION = {
  ...BUCKET,
  kind: 'lambda-function-url' as const,
  arn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`,
};

describe('a setting', () => {
  const on = (AWS: string, Action: string) => ({
    Effect: 'Allow',
    Principal: { AWS },
    Action,
    Resource: 'arn:aws:s3:::b/*',
  });
  const open = { ...on('*', 'lambda:InvokeFunctionUrl'), Resource: URL_OF_FUNCTION.arn };
  const asked = (wasState: object, isState: object) => {
    const before = { ...holding(URL_OF_FUNCTION, document()), ...wasState };
    const live = { ...holding(URL_OF_FUNCTION, document(open)), ...isState };
    return propose({
      live,
      removed: [{ before, after: live, parts: ['document'] }],
      mayRestorePrevious: 'restoreHints' in wasState,
    });
  };

  it('is written as it was read, or not at all', async () => {
    expect((await asked({}, { restoreHints: { state: 'on' } })).verdict).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('only be written as it was'),
    });
  });

  it('is written with what went with it then', async () => {
    const { written } = await asked({ restoreHints: { state: 'off' } }, { restoreHints: { state: 'on' } });

    expect(written?.restoreHints).toEqual({ state: 'off' });
  });

  it('of a key, which has a text of its own, may be tightened', async () => {
    const own = { ...on(ACCOUNT, 'kms:*'), Resource: '*' };
    const stranger = { ...on('444455556666', 'kms:Decrypt'), Resource: '*' };
    const live = {
      ...holding(KEY, document(own, stranger, { ...own, Effect: 'Deny', Action: 'kms:PutKeyPolicy' })),
      restoreHints: { state: 'on' },
    };

    const { parts } = await propose({
      live,
      removed: [{ before: holding(KEY, document(own)), after: live, parts: ['document'] }],
    });

    expect(parts).toEqual({ document: [own, { ...own, Effect: 'Deny', Action: 'kms:PutKeyPolicy' }] });
  });
});
