import { describe, expect, it } from 'vitest';
import { rebase } from '../../../shared/guard/rebase.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind, TargetPart } from '../../../shared/targets/target.ts';

function snapshot(parts: { readonly [id: string]: string }, kind: TargetKind = 'iam-principal'): Snapshot {
  const list = Object.entries(parts).map(
    ([id, document]): TargetPart => ({
      id,
      role: id.startsWith('boundary:') ? 'boundary' : 'grant',
      document,
    }),
  );
  const target = {
    kind,
    arn: 'arn:aws:iam::111122223333:user/u',
    accountId: '111122223333',
    region: 'us-east-1',
  };
  return makeSnapshot({ target, exists: true, parts: list });
}

const documents = ({ parts }: Snapshot) =>
  Object.fromEntries(parts.map(({ id, document }) => [id, document]));

const cases: readonly {
  readonly name: string;
  readonly accepted: { readonly [id: string]: string };
  readonly live: { readonly [id: string]: string };
  readonly expected: { readonly [id: string]: string };
}[] = [
  {
    name: 'an attached policy and a boundary that both hold are taken as they are now',
    accepted: { 'attached:p': '1', 'boundary:b': '1' },
    live: { 'attached:p': '2', 'boundary:b': '2' },
    expected: { 'attached:p': '2', 'boundary:b': '2' },
  },
  {
    name: 'an inline policy is the principal’s own',
    accepted: { 'inline:i': '1' },
    live: { 'inline:i': '2' },
    expected: { 'inline:i': '1' },
  },
  {
    name: 'an attachment that is new does not become accepted, one that is gone stays accepted',
    accepted: { 'attached:old': '1' },
    live: { 'attached:new': '1' },
    expected: { 'attached:old': '1' },
  },
  {
    name: 'whatever a group holds now comes to those who were members',
    accepted: { 'group:G': '', 'group:G/inline:a': '1', 'group:G/inline:gone': '1' },
    live: { 'group:G': '', 'group:G/inline:a': '2', 'group:G/attached:new': '1' },
    expected: { 'group:G': '', 'group:G/inline:a': '2', 'group:G/attached:new': '1' },
  },
  {
    name: 'what a group gives to a new member is new, and what a former member lost stays accepted',
    accepted: { 'group:Old': '', 'group:Old/inline:a': '1' },
    live: { 'group:New': '', 'group:New/inline:a': '1' },
    expected: { 'group:Old': '', 'group:Old/inline:a': '1' },
  },
];

describe('rebase', () => {
  for (const { name, accepted, live, expected } of cases) {
    it(name, () => {
      const rebased = rebase(snapshot(accepted), snapshot(live));

      expect(documents(rebased)).toEqual(expected);
      expect(rebased.contentHash).toBe(snapshot(expected).contentHash);
    });
  }

  it('leaves other kinds alone', () => {
    const accepted = snapshot({ document: '1' }, 'managed-policy');

    expect(rebase(accepted, snapshot({ document: '2' }, 'managed-policy'))).toBe(accepted);
  });
});
