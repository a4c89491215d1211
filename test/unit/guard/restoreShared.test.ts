/** What a principal holds of others: policies, groups and boundaries are there whole, or not at all. */
import { describe, expect, it } from 'vitest';
import type { TargetPart } from '../../../shared/targets/target.ts';
import { ACCOUNT, allow, holding, inline, propose, ROLE, type Statement, text } from './restoring.ts';

describe('what a principal holds of others', () => {
  const before = holding(ROLE, inline('p', allow('s3:GetObject')));

  it('is never a piece of a text that others share: that is held whole, or not at all', async () => {
    const attached: TargetPart = {
      id: `attached:arn:aws:iam::${ACCOUNT}:policy/q`,
      role: 'grant',
      uid: 'ANPAQ',
      document: text(allow('iam:PassRole'), { Effect: 'Deny', Action: 'sqs:*', Resource: '*' }),
    };
    const live = holding(ROLE, inline('p', allow('s3:GetObject')), attached);

    const { verdict, parts } = await propose({
      live,
      removed: [{ before, after: live, parts: [attached.id] }],
    });

    expect({ kind: verdict.kind, parts }).toEqual({ kind: 'none', parts: {} });
  });

  it.each([
    [
      'stays with all that it gives, where that only denies',
      { Effect: 'Deny', Action: 's3:PutObject' },
      true,
    ],
    ['goes with all that it gives', { Effect: 'Allow', Action: 'iam:PassRole' }, false],
  ])('a group %s', async (_, given, isMember) => {
    const statement = { ...given, Resource: '*' };
    const group = [
      { id: 'group:g', role: 'grant' as const, document: text() },
      { id: 'group:g/inline:p', role: 'grant' as const, document: text(statement) },
    ];
    const both = holding(ROLE, inline('p', allow('s3:GetObject', 's3:PutObject')));
    const live = holding(
      ROLE,
      ...group,
      inline('p', allow('s3:GetObject'), allow('iam:PassRole'), allow('sqs:*')),
    );

    const { parts } = await propose({
      live,
      removed: [{ before: both, after: live, parts: [...group.map(({ id }) => id), 'inline:p'] }],
      mayLoseOld: true,
    });

    expect(parts).toEqual({
      'inline:p': [allow('s3:GetObject')],
      ...(isMember ? { 'group:g': [], 'group:g/inline:p': [statement] } : {}),
    });
  });

  it('that would give a principal two permissions boundaries', async () => {
    const [first, second] = ['one', 'two'].map((name): TargetPart => {
      const limit = name === 'one' ? allow('s3:*') : allow('s3:*', 'iam:*');
      return { id: `boundary:${name}`, role: 'boundary', uid: name, document: text(limit) };
    });
    const mine = inline('p', allow('s3:GetObject', 'iam:PassRole'));
    const asked = {
      removed: [
        {
          before: holding(ROLE, mine, first as TargetPart),
          after: holding(ROLE, mine),
          parts: ['boundary:one'],
        },
      ],
      shared: [{ ...(first as TargetPart), id: 'attached:one', role: 'grant' }],
    } as const;

    const { verdict } = await propose({ ...asked, live: holding(ROLE, mine, second as TargetPart) });
    const { parts } = await propose({ ...asked, live: holding(ROLE, mine) });

    expect(verdict).toMatchObject({ kind: 'none', why: expect.stringContaining('one permissions boundary') });
    expect(Object.keys(parts)).toContain('boundary:one');
  });
});

describe('a policy that a role holds', () => {
  const attached = (uid: string, ...statements: readonly Statement[]): TargetPart => ({
    id: `attached:arn:aws:iam::${ACCOUNT}:policy/q`,
    role: 'grant',
    uid,
    document: text(...statements),
  });
  const deny = { Effect: 'Deny', Action: 'iam:*', Resource: '*' };
  const own = inline('p', allow('*'));
  const lost = (uid: string) =>
    propose({
      live: holding(ROLE, own),
      removed: [
        {
          before: holding(ROLE, own, attached('ANPA1', deny)),
          after: holding(ROLE, own),
          parts: [attached('').id],
        },
      ],
      shared: [attached(uid, deny)],
    });

  it('is attached again, and never another one that bears its name by now', async () => {
    expect((await lost('ANPA1')).verdict.kind).toBe('candidate');
    expect((await lost('ANPA2')).verdict.kind).toBe('none');
  });

  it('stays attached where its text changed: that is written at the policy', async () => {
    const [was, is] = [attached('ANPA1', allow('s3:GetObject')), attached('ANPA1', allow('iam:PassRole'))];
    const live = holding(ROLE, is);

    const { verdict } = await propose({
      live,
      removed: [{ before: holding(ROLE, was), after: live, parts: [is.id] }],
      shared: [is],
      mayLoseOld: true,
    });

    expect(verdict).toMatchObject({ kind: 'none', why: expect.stringContaining('shares with others') });
  });
});

describe('what a group gives', () => {
  it('is written at the group, never at its member', async () => {
    const given: TargetPart = { ...inline('p', allow('iam:PassRole')), id: 'group:g/inline:p' };
    const live = holding(ROLE, inline('own', allow('s3:GetObject')), given);
    const before = holding(ROLE, inline('own', allow('s3:GetObject')));

    const { verdict } = await propose({ live, removed: [{ before, after: live, parts: [given.id] }] });

    expect(verdict).toMatchObject({ kind: 'none', why: expect.stringContaining('shares with others') });
  });

  const deny = { Effect: 'Deny', Action: 'iam:*', Resource: '*' };
  const groupOf = (uid: string, name = 'g'): readonly TargetPart[] => [
    { id: `group:${name}`, role: 'grant', uid, document: text() },
    { id: `group:${name}/inline:d`, role: 'grant', document: text(deny) },
    { id: `group:${name}/inline:e`, role: 'grant', document: text({ ...deny, Action: 'kms:*' }) },
  ];
  const leaving = (shared: readonly TargetPart[]) => {
    const all = inline('p', allow('*'));
    const live = holding(ROLE, all);
    return propose({
      live,
      removed: [{ before: holding(ROLE, all, ...groupOf('AGPA1')), after: live, parts: ['group:g'] }],
      shared,
    });
  };

  it('comes back whole with the membership, and with nothing of another group', async () => {
    const { verdict, parts } = await leaving([...groupOf('AGPA1'), ...groupOf('AGPA2', 'g2')]);

    expect(verdict).toMatchObject({ how: 'previous' });
    expect(Object.keys(parts)).toEqual(['group:g', 'group:g/inline:d', 'group:g/inline:e', 'inline:p']);
  });

  it('does not come back from another group that bears the name by now', async () => {
    expect((await leaving(groupOf('AGPA2'))).verdict.kind).toBe('none');
  });

  it('does not come back from a group that is gone', async () => {
    expect((await leaving([])).verdict.kind).toBe('none');
  });
});
