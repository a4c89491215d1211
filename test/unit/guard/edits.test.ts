/** What a call did, where AWS answers late. */
import { expect, it } from 'vitest';
import type { Change } from '../../../shared/changes/change.ts';
import { toEdit } from '../../../shared/guard/edits.ts';
import type { GuardStore } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import type { AwsClients } from '../../../shared/targets/clients.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import { allow, targetOf, text } from './restoring.ts';

const POLICY = targetOf('managed-policy', 'arn:aws:iam::111122223333:policy/p');
const VERSIONS: { readonly [id: string]: string } = { v1: text(allow('s3:GetObject')), v2: text(allow('*')) };
/** The policy as a read shows it. */
const standing = (version: string) =>
  makeSnapshot({
    target: POLICY,
    exists: true,
    revision: version,
    parts: [{ id: 'document', role: 'grant', document: VERSIONS[version] }],
  });

it.each([
  ['of the version that it names, where the read still shows another', 'v2', 'v1', VERSIONS['v2']],
  ['of the version that it names, where the read shows it', 'v2', 'v2', VERSIONS['v2']],
  ['not shown, where that version is gone', 'v3', 'v1', undefined],
])('the text of a version that becomes the default is %s', async (_, named, shown, expected) => {
  const store: GuardStore = createInMemoryStore({ codecs: guardCodecs });
  const change = {
    event: { eventTime: '2026-03-01T12:00:00Z', actor: { uniqueId: 'AIDA', arn: 'arn:aws:iam::1:user/m' } },
    targets: [POLICY],
    edits: [{ touches: [{ part: 'document', to: { reference: named } }] }],
  } as unknown as Change; // Nothing else of a record is looked at.
  const send = async ({ input: { VersionId: id } }: { readonly input: { readonly VersionId: string } }) => {
    const [Document, missing] = [
      VERSIONS[id],
      Object.assign(new Error('no'), { name: 'NoSuchEntityException' }),
    ];
    if (Document === undefined) throw missing;
    return { PolicyVersion: { Document: encodeURIComponent(Document) } };
  };

  const edit = await toEdit(
    { change, index: 0 },
    { live: standing(shown), before: undefined },
    {
      store,
      adapters: ADAPTERS,
      clientsFor: () => ({ iam: { send } }) as unknown as AwsClients, // No other client is asked.
      ownActorIds: [],
    },
  );

  const to = edit?.touches[0]?.to;
  expect(typeof to === 'object' ? await store.getDocument(to.text) : undefined).toBe(expected);
  if (expected === undefined) expect(to).toBe('hidden');
});
