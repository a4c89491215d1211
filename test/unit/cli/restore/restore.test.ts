/** What a restore by hand writes: the version, the commands and their documents. */
import { describe, expect, it } from 'vitest';
import { manualCommands } from '../../../../cli/restore/manualCommands.ts';
import { versionWithout } from '../../../../cli/restore/versionWithout.ts';
import { parsePolicy } from '../../../../shared/policy/parsePolicy.ts';
import { makeSnapshot } from '../../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind } from '../../../../shared/targets/target.ts';

const allowing = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

type Held = Partial<Pick<Snapshot, 'revision' | 'restoreHints'>>;

const holding = (kind: TargetKind, arn: string, texts: { readonly [id: string]: string }, held: Held = {}) =>
  makeSnapshot({
    target: { kind, arn, accountId: '111122223333', region: 'eu-west-1' },
    exists: true,
    parts: Object.entries(texts).map(([id, document]) => ({ id, role: 'grant', document })),
    ...held,
  });
const policy = (action: string, revision: string) =>
  holding(
    'managed-policy',
    'arn:aws:iam::111122223333:policy/p',
    { document: allowing(action) },
    { revision },
  );

/** What `tighten` answers: of each part its text, or undefined where the part goes. */
function answered(texts: { readonly [name: string]: string | undefined }, isExisting: boolean) {
  const documents = Object.entries(texts).map(([name, text]) => {
    const parsed = text === undefined ? undefined : parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
    if (parsed?.ok === false) throw new Error(text);
    return {
      name,
      role: 'grant' as const,
      policy: parsed?.ok === true ? parsed.policy : undefined,
      isExisting,
      changes: [],
    };
  });
  return { documents, isExisting };
}

describe('the version that a restore by hand writes', () => {
  it('is that before the change where that grants nothing beyond what is granted now', () => {
    const [before, live] = [policy('s3:GetObject', 'v1'), policy('s3:*', 'v2')];

    const { wanted } = versionWithout(answered({ document: allowing('s3:GetObject') }, true), {
      before,
      live,
    });

    expect(manualCommands({ live, wanted, folder: 'f' }).commands).toEqual([
      'aws iam set-default-policy-version --policy-arn arn:aws:iam::111122223333:policy/p --version-id v1 --region eu-west-1',
    ]);
  });

  it('is never the number of the version before where a tightened text was proved', () => {
    const [before, live] = [policy('s3:*', 'v1'), policy('iam:*', 'v2')];

    const { wanted } = versionWithout(answered({ document: allowing('s3:GetObject') }, false), {
      before,
      live,
    });

    expect(manualCommands({ live, wanted, folder: 'f' })).toEqual({
      commands: [
        'aws iam create-policy-version --policy-arn arn:aws:iam::111122223333:policy/p --set-as-default --policy-document file://f/document-1.json --region eu-west-1',
      ],
      documents: [{ name: 'document-1.json', text: allowing('s3:GetObject') }],
    });
  });

  it('is refused where a setting would have to be told from a text', () => {
    const arn = 'arn:aws:eks:eu-west-1:111122223333:cluster/c';
    const entries = { restoreHints: { entries: {} } };
    const before = holding('cluster-access', arn, { 'entry:a': allowing('eks:A') }, entries);
    const live = holding(
      'cluster-access',
      arn,
      { 'entry:a': allowing('eks:A'), 'entry:b': allowing('eks:A') },
      entries,
    );

    expect(() => versionWithout(answered({ 'entry:b': undefined }, false), { before, live })).toThrow(
      /`entry:b` of .*cluster\/c cannot be written without what the change added; with --previous/,
    );
  });
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

  it('are refused where no version holds a document that they need', () => {
    const saml = (document: string) =>
      holding('identity-provider', 'arn:aws:iam::111122223333:saml-provider/p', { document });

    expect(() => manualCommands({ live: saml('2'), wanted: saml('1'), folder: 'f' })).toThrow(
      'the store does not hold its document',
    );
  });
});
