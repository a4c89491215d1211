/** What is proved of a content before a restore may write it. */
import { describe, expect, it } from 'vitest';
import type { Engine, Restore } from '../../../shared/checks/index.ts';
import { absentSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../../../shared/targets/target.ts';
import {
  ACCOUNT,
  allow,
  BUCKET,
  document,
  holding,
  inline,
  KEY,
  propose,
  type Removed,
  ROLE,
  type Statement,
  text,
} from './restoring.ts';

describe('nothing is written', () => {
  const own = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const guardrail = { ...own, Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt' };
  const grant: TargetPart = {
    id: 'grant:1',
    role: 'resource',
    document: text({ ...own, Principal: { AWS: '444455556666' }, Action: 'kms:Encrypt' }),
  };

  it('while a Deny that the change took away stays away', async () => {
    const before = holding(KEY, document(own, guardrail));
    const between = holding(KEY, document(own));
    const live = holding(KEY, document(own), grant);
    const lost = { before, after: between, parts: ['document'], addition: { isBeside: true } } as const;
    const granted = { before: between, after: live, parts: ['grant:1'] };

    // Somebody exempt wrote the document since: it is not free.
    expect((await propose({ live, removed: [lost, granted], free: ['grant:1'] })).verdict.kind).toBe('none');
    expect((await propose({ live, removed: [granted] })).parts).toEqual({ document: [own] });
  });

  it('that grants again what the change took away, unless the target’s rule says so', async () => {
    const mine = { ...allow('s3:GetObject'), Resource: 'arn:aws:s3:::mine/*' };
    const before = holding(ROLE, inline('p', mine));
    const live = holding(ROLE, inline('p', allow('sqs:SendMessage')));
    const removed = [{ before, after: live, parts: ['inline:p'] }];

    expect((await propose({ live, removed })).parts).toEqual({});
    expect(await propose({ live, removed, mayRestorePrevious: true })).toMatchObject({
      verdict: { how: 'previous' },
      parts: { 'inline:p': [mine] },
    });
  });

  it.each([
    ['is public', BUCKET, { ...allow('s3:GetObject'), Principal: '*', Resource: 'arn:aws:s3:::b/*' }],
    ['makes somebody administrator', ROLE, allow('*')],
    ['makes somebody root of other accounts', ROLE, allow('sts:AssumeRoot')],
  ])('that grants again what %s, whatever the rule says', async (_, target, grave) => {
    const name = target === BUCKET ? document : (one: Statement) => inline('p', one);
    const added = {
      ...allow('s3:PutObject'),
      ...(target === BUCKET ? { Principal: { AWS: ACCOUNT }, Resource: 'arn:aws:s3:::b/*' } : {}),
    };
    const live = holding(target, name(added));
    const removed = [{ before: holding(target, name(grave)), after: live, parts: [name(added).id] }];

    const { verdict } = await propose({ live, removed, mayRestorePrevious: true });

    expect(verdict).not.toMatchObject({ how: 'previous' });
  });

  it.each(['before', 'after'])('where the content %s the change is lost', async (which) => {
    const live = holding(ROLE, inline('p', allow('iam:PassRole')));
    const { contentHash } = live;
    const versions = { before: contentHash, after: contentHash, [which]: 'lost' };

    expect(
      (await propose({ live, removed: [{ after: live, parts: ['inline:p'], addition: { versions } }] }))
        .verdict,
    ).toMatchObject({ kind: 'none', why: expect.stringContaining('cannot be read') });
  });

  it('where a document cannot be read', async () => {
    const live = holding(ROLE, inline('p', allow('iam:PassRole')), {
      id: 'inline:q',
      role: 'grant',
      document: undefined,
    });

    expect(
      (await propose({ live, removed: [{ before: absentSnapshot(ROLE), after: live, parts: ['inline:p'] }] }))
        .verdict.kind,
    ).toBe('none');
  });
});

describe('what is not proved', () => {
  const before = holding(ROLE, inline('p', allow('s3:GetObject')));
  const live = holding(ROLE, inline('p', allow('s3:GetObject')), inline('q', allow('iam:PassRole')));
  const removed = [{ before, after: live, parts: ['inline:q'] }];

  it('is not written where the proof did not end', async () => {
    const engine: Partial<Engine> = {
      proveRestore: async () => ({ result: 'undecided', obligation: 'allows no more', cause: 'no time' }),
    };

    expect((await propose({ live, removed, engine })).verdict).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('could not be decided'),
    });
  });

  it('is not written while some of what is to go remains', async () => {
    const engine: Partial<Engine> = { proveRestore: async () => ({ result: 'proved' }) };

    expect((await propose({ live, removed, engine, free: ['inline:p'] })).verdict.kind).toBe('none');
    expect((await propose({ live, removed, engine })).verdict.kind).toBe('candidate');
  });
});

describe('a text that cannot be built', () => {
  it('is not written, and the engine says why', async () => {
    const live = holding(ROLE, inline('p', allow('s3:PutObject', 'iam:PassRole')));
    const engine: Partial<Engine> = {
      tighten: async () => ({ result: 'declined', cause: 'nobody could build it' }),
    };

    const { verdict } = await propose({
      live,
      removed: [
        { before: holding(ROLE, inline('p', allow('s3:GetObject'))), after: live, parts: ['inline:p'] },
      ],
      engine,
    });

    expect(verdict).toMatchObject({ kind: 'none', why: expect.stringContaining('nobody could build it') });
  });
});

describe('the proof', () => {
  const asksFor = async (live: Snapshot, before: Snapshot, removed: Partial<Removed>, asked = {}) => {
    const seen: Restore[] = [];
    const engine: Partial<Engine> = {
      proveRestore: async (restore) => {
        seen.push(restore);
        return { result: 'undecided', obligation: 'allows no more', cause: 'nobody looked' };
      },
    };
    await propose({ live, removed: [{ before, after: live, parts: [], ...removed }], engine, ...asked });
    return seen[0];
  };
  const before = holding(ROLE, inline('p', allow('s3:GetObject')));
  const live = holding(ROLE, inline('p', allow('s3:GetObject', 'iam:PassRole')));
  const parts = ['inline:p'];

  it('is about what the finding says was added', async () => {
    const asked = await asksFor(live, before, { parts });

    expect(asked?.removed).toMatchObject([{ question: { check: 'no-new-access' } }]);
  });

  it('leaves to a question of its own what grants beside it', async () => {
    const asked = await asksFor(live, before, { parts, addition: { isBeside: true } });

    expect(asked?.removed).toEqual([]);
  });

  it('counts as held what stood before, only where the target’s rule says so', async () => {
    const [strict, free] = [
      await asksFor(live, before, { parts }),
      await asksFor(live, before, { parts }, { mayRestorePrevious: true }),
    ];

    expect([strict?.live.length, free?.live.length]).toEqual([1, 2]);
  });

  it('is held document by document where others may grant the rest', async () => {
    const own = { ...allow('s3:GetObject'), Principal: { AWS: ACCOUNT }, Resource: 'arn:aws:s3:::b/*' };
    const wider = { ...own, Action: 's3:*' };
    const ofBucket = (asked: object) =>
      asksFor(
        holding(BUCKET, document(wider)),
        holding(BUCKET, document(own)),
        { parts: ['document'] },
        asked,
      );

    expect((await ofBucket({}))?.eachDocument).toBe(true);
    expect((await ofBucket({ mayRestorePrevious: true }))?.eachDocument).toBe(false);
  });
});

describe('what stood before and cannot be read', () => {
  it('may be lost by the restore, and it says so', async () => {
    const unread: TargetPart = { id: 'inline:q', role: 'grant', document: undefined };
    const own = inline('p', allow('s3:GetObject'));
    const live = holding(ROLE, own, inline('x', allow('iam:PassRole')));
    const engine: Partial<Engine> = { proveRestore: async () => ({ result: 'proved' }) };
    const removed = [{ before: holding(ROLE, own, unread), after: live, parts: ['inline:x'] }];

    const { verdict } = await propose({ live, removed, engine, mayLoseOld: true });

    expect(verdict).not.toMatchObject({ losesOld: false });
  });
});
