/** What a restore by hand writes: the version, the commands and their documents. */
import { afterAll, describe, expect, it } from 'vitest';
import { manualCommands } from '../../../../cli/restore/manualCommands.ts';
import { stepOf, versionWithout } from '../../../../cli/restore/versionWithout.ts';
import { NO_CLIENTS, observedAdapters } from '../../../../cli/store/observedGuard.ts';
import { createEngine } from '../../../../shared/checks/index.ts';
import type { Addition, Finding } from '../../../../shared/findings/finding.ts';
import { guardCodecs } from '../../../../shared/guard/stateSchema.ts';
import { defaultConfig } from '../../../../shared/runtime/loadConfig.ts';
import { createInMemoryStore } from '../../../../shared/store/inMemoryStore.ts';
import { keepSnapshot } from '../../../../shared/store/snapshotDocument.ts';
import { makeSnapshot } from '../../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind } from '../../../../shared/targets/target.ts';
import { madeFinding } from '../finding.ts';

const allowing = (Action: string | readonly string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

type Held = Partial<Pick<Snapshot, 'revision' | 'restoreHints'>>;

const holding = (kind: TargetKind, arn: string, texts: { readonly [id: string]: string }, held: Held = {}) =>
  makeSnapshot({
    target: { kind, arn, accountId: '111122223333', region: 'eu-west-1' },
    exists: true,
    parts: Object.entries(texts).map(([id, document]) => ({ id, role: 'grant', document })),
    ...held,
  });
const policy = (action: string | readonly string[], revision: string) =>
  holding(
    'managed-policy',
    'arn:aws:iam::111122223333:policy/p',
    { document: allowing(action) },
    { revision },
  );

const actionsIn = ({ parts: [part] }: Snapshot) =>
  (JSON.parse(part?.document ?? '').Statement as { Action: string | string[] }[]).flatMap(
    ({ Action }) => Action,
  );

const engine = createEngine();
afterAll(() => engine.close());

type Contents = { readonly before: Snapshot; readonly after: Snapshot; readonly live?: Snapshot };

/** What is to be written, where a finding tells that the second content added something to the first. */
async function versionOf(
  { before, after, live = after }: Contents,
  status: Finding['status'] = 'ACTIVE',
): Promise<Snapshot> {
  const store = createInMemoryStore({ codecs: guardCodecs });
  const versions = { before: await keepSnapshot(store, before), after: await keepSnapshot(store, after) };
  const addition: Addition = {
    ...{ check: 'no-new-access', result: 'FAIL', possible: true, grade: 'LOW', sources: [] },
    ...{ versions, now: 'granted', title: 't', message: 'm', statements: [], removedDenies: [], notes: [] },
  };
  const finding = madeFinding({
    target: before.target,
    status,
    additions: [addition],
    versions: { accepted: versions.before, live: versions.after },
    step: { life: '#1', parts: after.parts.map(({ id }) => id), at: '2026-01-01T00:00:00.000Z' },
  });
  const { wanted } = await versionWithout(
    finding,
    { before, after, live },
    {
      ...{ store, engine, config: defaultConfig(), adapters: observedAdapters(store) },
      clientsFor: () => NO_CLIENTS,
    },
  );
  return wanted;
}

describe('the version that a restore by hand writes', () => {
  it('is that before the change where that grants nothing beyond what is granted now', async () => {
    const [before, after] = [policy('s3:GetObject', 'v1'), policy('s3:*', 'v2')];

    const wanted = await versionOf({ before, after });

    expect(manualCommands({ live: after, wanted, folder: 'f' }).commands).toEqual([
      'aws iam set-default-policy-version --policy-arn arn:aws:iam::111122223333:policy/p --version-id v1 --region eu-west-1',
    ]);
  });

  it('is never the number of the version before where a tightened text was proved', async () => {
    const [before, after] = [policy('s3:*', 'v1'), policy(['s3:GetObject', 'iam:*'], 'v2')];

    const wanted = await versionOf({ before, after });

    expect(manualCommands({ live: after, wanted, folder: 'f' })).toEqual({
      commands: [
        'aws iam create-policy-version --policy-arn arn:aws:iam::111122223333:policy/p --set-as-default --policy-document file://f/document-1.json --region eu-west-1',
      ],
      documents: [{ name: 'document-1.json', text: expect.stringContaining('s3:GetObject') }],
    });
  });

  it('brings back nothing that went since the change', async () => {
    const [before, after] = [policy('s3:*', 'v1'), policy(['s3:*', 'iam:*'], 'v2')];

    const wanted = await versionOf({ before, after, live: policy(['s3:GetObject', 'iam:*'], 'v3') });

    expect(actionsIn(wanted)).toEqual(['s3:GetObject']);
  });

  it('keeps what came since the change', async () => {
    const [before, after] = [policy('s3:*', 'v1'), policy(['s3:*', 'iam:*'], 'v2')];
    const [{ document = '' } = {}] = after.parts;
    const { Statement } = JSON.parse(document);
    const more = JSON.stringify({
      Version: '2012-10-17',
      Statement: [...Statement, { Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
    });
    const live = holding('managed-policy', after.target.arn, { document: more }, { revision: 'v3' });

    const wanted = await versionOf({ before, after, live });

    expect(actionsIn(wanted)).toEqual(['s3:*', 'sqs:*']);
  });

  it('is none where nothing that the change added is left', async () => {
    const [before, after] = [policy('s3:*', 'v1'), policy('iam:*', 'v2')];

    await expect(versionOf({ before, after, live: policy('sqs:*', 'v3') }, 'RESOLVED')).rejects.toMatchObject(
      {
        problems: [
          {
            message: expect.stringMatching(/the finding is RESOLVED; nothing that the change added is still/),
          },
        ],
      },
    );
  });

  it('is without an entry of a cluster that the change made, and has those of others', async () => {
    const of = (...names: readonly string[]) =>
      holding(
        'cluster-access',
        'arn:aws:eks:eu-west-1:111122223333:cluster/c',
        Object.fromEntries(names.map((name) => [`entry:${name}`, allowing(`eks:${name}`)])),
        { restoreHints: { entries: {} } },
      );

    const { parts } = await versionOf({ before: of('A'), after: of('A', 'B'), live: of('A', 'B', 'C') });

    expect(parts.map(({ id }) => id)).toEqual(['entry:A', 'entry:C']);
  });

  it('is refused where a setting would have to be told from a text', async () => {
    const of = (texts: { readonly [id: string]: string }) =>
      holding('roles-anywhere-profile', 'arn:aws:rolesanywhere:eu-west-1:111122223333:profile/c', texts, {
        restoreHints: { profile: {} },
      });
    const texts = { session: allowing('s3:GetObject'), roles: allowing('s3:PutObject') };

    await expect(
      versionOf({
        before: of({ session: texts.session }),
        after: of(texts),
        live: of({ ...texts, 'attached:x': allowing('s3:ListBucket') }),
      }),
    ).rejects.toMatchObject({
      problems: [
        {
          message: expect.stringMatching(
            /a setting can only be written as it was\) may be written; with --previous/,
          ),
        },
      ],
    });
  });
});

it('a finding of many steps is taken back by the step that its title tells', () => {
  const addition = (after: string, title: string, now: Addition['now']): Addition => ({
    ...{ check: 'no-new-access', result: 'FAIL', possible: true, grade: 'LOW', sources: [], title, now },
    ...{ versions: { before: `${after}-before`, after }, message: '', statements: [] },
    ...{ removedDenies: [], notes: [] },
  });
  const additions = [addition('a', 'first', 'gone'), addition('b', 'second', 'granted')];
  const step = { life: '', parts: ['inline:a', 'inline:b'], at: '2026-01-01T00:00:00.000Z' };

  const { versions } = stepOf(
    madeFinding({ title: 'second', additions, step, versions: { accepted: 'z', live: 'z' } }),
  );

  expect(versions).toEqual({ before: 'b-before', after: 'b' });
});

describe('the commands of a restore by hand', () => {
  it('are all of them, each with the document of its own part', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const role = (action: string) =>
      holding(
        'iam-principal',
        'arn:aws:iam::111122223333:role/r',
        Object.fromEntries(names.map((name) => [`inline:${name}`, allowing(`${action}:${name}`)])),
      );

    const { commands, documents } = manualCommands({ live: role('iam'), wanted: role('s3'), folder: 'f' });

    expect(commands.map((command) => /--policy-name (\w)/.exec(command)?.[1])).toEqual(names);
    expect(documents.map(({ text }) => text)).toEqual(names.map((name) => allowing(`s3:${name}`)));
  });

  it('name a folder with a space as one word', () => {
    const role = (action: string) =>
      holding('iam-principal', 'arn:aws:iam::111122223333:role/r', { 'inline:a': allowing(action) });

    const { commands } = manualCommands({ live: role('iam:*'), wanted: role('s3:*'), folder: 'my files' });

    expect(commands.join()).toContain(" 'file://my files/document-1.json'");
  });

  it('are refused where no version holds a document that they need', () => {
    const saml = (document: string) =>
      holding('identity-provider', 'arn:aws:iam::111122223333:saml-provider/p', { document });

    expect(() => manualCommands({ live: saml('2'), wanted: saml('1'), folder: 'f' })).toThrow(
      'the store does not hold its document',
    );
  });
});
