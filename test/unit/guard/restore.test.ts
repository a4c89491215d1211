/** Which content is written: the real engine over contents that a store holds. */
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine, type Restore } from '../../../shared/checks/index.ts';
import type { Addition } from '../../../shared/findings/finding.ts';
import { toRead } from '../../../shared/guard/contents.ts';
import { needOfRestore, type RestoreNeed } from '../../../shared/guard/derive/needs.ts';
import { budgetOf } from '../../../shared/guard/judge/budget.ts';
import { proposeRestore } from '../../../shared/guard/restore/proposeRestore.ts';
import type { GuardStore } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import { keepSnapshot, loadSnapshot } from '../../../shared/store/snapshotDocument.ts';
import type { AwsClients } from '../../../shared/targets/clients.ts';
import { absentSnapshot, makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind, TargetPart, TargetRef } from '../../../shared/targets/target.ts';

const ACCOUNT = '111122223333';
const ROLE: TargetRef = targetOf('iam-principal', `arn:aws:iam::${ACCOUNT}:role/app`);
const BUCKET = targetOf('bucket-policy', 'arn:aws:s3:::b');
const KEY = targetOf('kms-key', `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`);

function targetOf(kind: TargetKind, arn: string): TargetRef {
  return { kind, arn, accountId: ACCOUNT, region: 'us-east-1' };
}

type Statement = { readonly [element: string]: unknown };
const text = (...Statement: readonly Statement[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (...Action: readonly string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const inline = (name: string, ...statements: readonly Statement[]): TargetPart => ({
  id: `inline:${name}`,
  role: 'grant',
  document: text(...statements),
});
const document = (...statements: readonly Statement[]): TargetPart => ({
  id: 'document',
  role: 'resource',
  document: text(...statements),
});
const holding = (target: TargetRef, ...parts: readonly TargetPart[]) =>
  makeSnapshot({ target, exists: true, parts });

type Removed = {
  readonly before?: Snapshot;
  readonly after: Snapshot;
  readonly parts: readonly string[];
  readonly addition?: Partial<Addition>;
  readonly woken?: RestoreNeed['removals'][number]['woken'];
  readonly stood?: RestoreNeed['removals'][number]['stood'];
};
type Asking = Partial<Pick<RestoreNeed, 'free' | 'left' | 'later' | 'mayLoseOld' | 'mayRestorePrevious'>> & {
  readonly live: Snapshot;
  readonly removed: readonly Removed[];
  /** What AWS holds of a text that others share. */
  readonly shared?: TargetPart;
  readonly engine?: Partial<Engine>;
};

/** Returns the verdict, and the content to write where there is one. */
async function propose({ live, removed, shared, engine, ...asked }: Asking) {
  const store: GuardStore = createInMemoryStore({ codecs: guardCodecs });
  const { target } = live;
  const removals = [];
  for (const { before, after, parts, addition, woken = [], stood = [] } of removed) {
    const versions = {
      ...(before === undefined ? {} : { before: await keepSnapshot(store, before) }),
      after: await keepSnapshot(store, after),
    };
    const added = {
      check: 'no-new-access',
      result: 'FAIL',
      sources: parts,
      versions,
      ...addition,
    } as Addition; // What a restore looks at.
    removals.push({ parts, additions: [added], woken, stood });
  }
  const need = needOfRestore(
    {
      live: await toRead(live, 0, store),
      removals,
      free: removed.flatMap(({ parts }) => parts),
      later: [],
      spared: [],
      left: [],
      mayLoseOld: false,
      mayRestorePrevious: false,
      ...asked,
    },
    '',
  );
  const verdict = await proposeRestore(need, {
    store,
    target,
    engine: { ...createEngine({ solver: 'atoms', linkPrincipal: true }), ...engine },
    config: defaultConfig(),
    adapters: {
      ...ADAPTERS,
      'iam-principal': {
        ...ADAPTERS['iam-principal'],
        withAddition: async (content) =>
          shared && makeSnapshot({ ...content, parts: [...content.parts, shared] }),
      },
    },
    clientsFor: () => ({}) as AwsClients, // Nothing else is asked of AWS.
    budget: budgetOf(),
  });
  if (verdict.kind === 'none') return { verdict, parts: {} };
  const { parts } = await loadSnapshot(store, verdict.snapshot);
  const texts = parts.map(({ id, document: one }) => [id, JSON.parse(one ?? '{}').Statement]);
  return { verdict, parts: Object.fromEntries(texts) };
}

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

  it('without a statement left is no text at all', async () => {
    const live = holding(ROLE, inline('p', allow('iam:PassRole')));

    const { verdict, parts } = await propose({
      live,
      removed: [{ before, after: live, parts: ['inline:p'] }],
    });

    expect(verdict).toMatchObject({ how: 'tighten' });
    expect(parts).toEqual({});
  });

  it('without a statement left is the least text where the kind always holds one', async () => {
    const trust = targetOf('role-trust', ROLE.arn);
    const trusts = (AWS: string) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
    const live = holding(trust, document(trusts('444455556666')));

    const { parts } = await propose({
      live,
      removed: [{ before: holding(trust, document(trusts(ACCOUNT))), after: live, parts: ['document'] }],
    });

    expect(parts).toEqual({
      document: [
        {
          ...trusts('444455556666'),
          Effect: 'Deny',
          Condition: { StringEquals: { 'aws:PrincipalAccount': '000000000000' } },
        },
      ],
    });
  });
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
      why: expect.stringContaining('would also take away access that was granted before'),
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
      shared: { ...(first as TargetPart), id: 'attached:one', role: 'grant' },
    } as const;

    const { verdict } = await propose({ ...asked, live: holding(ROLE, mine, second as TargetPart) });
    const { parts } = await propose({ ...asked, live: holding(ROLE, mine) });

    expect(verdict).toMatchObject({ kind: 'none', why: expect.stringContaining('one permissions boundary') });
    expect(Object.keys(parts)).toContain('boundary:one');
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

  it('where a content that a finding is about is lost', async () => {
    const live = holding(ROLE, inline('p', allow('iam:PassRole')));
    const addition = { versions: { after: 'lost' } };

    expect(
      (await propose({ live, removed: [{ after: live, parts: ['inline:p'], addition }] })).verdict,
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
      shared: attached(uid, deny),
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
      shared: is,
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
});

describe('a setting', () => {
  it('is written as it was, or not at all', async () => {
    const on = (AWS: string, Action: string) => ({
      Effect: 'Allow',
      Principal: { AWS },
      Action,
      Resource: 'arn:aws:s3:::b/*',
    });
    const asked = (hints: object) => {
      const was = holding(BUCKET, document(on(ACCOUNT, 's3:GetObject')));
      const live = { ...holding(BUCKET, document(on('444455556666', 's3:PutObject'))), ...hints };
      return propose({ live, removed: [{ before: was, after: live, parts: ['document'] }] });
    };

    expect((await asked({})).verdict).toMatchObject({ how: 'tighten' });
    expect((await asked({ restoreHints: { state: 'on' } })).verdict.kind).toBe('none');
  });
});
