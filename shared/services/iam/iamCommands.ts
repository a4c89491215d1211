/** What a person types to make a policy, a principal or a provider of IAM what it was. */
import { principalName } from '../../policy/arn.ts';
import type { DocumentCommand } from '../../targets/kind.ts';
import { partDocument } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';
import { memberCommands, memberOf, quoted, splitId } from '../../targets/undo.ts';

/** IAM keeps five versions of a managed policy. Source: IAM User Guide, "IAM and AWS STS quotas". */
const MAX_VERSIONS = 5;

/** Returns the version that goes before a new one can be made, if one has to: the oldest that is not the default. */
export function versionsInTheWay(
  versions: readonly string[],
  defaultId: string | undefined,
): readonly string[] {
  const numberOf = (id: string) => Number(id.slice(1));
  const others = versions.filter((id) => id !== defaultId).toSorted((a, b) => numberOf(a) - numberOf(b));
  return versions.length < MAX_VERSIONS ? [] : others.slice(0, 1);
}

/** Returns what makes the version before a managed policy's default again, or one of its text where that is not there any more. */
export function policyCommands(
  { target: { arn }, revision: defaultId, restoreHints }: Snapshot,
  wanted: Snapshot,
): (string | DocumentCommand)[] {
  const which = `--policy-arn ${arn}`;
  const listed = memberOf(restoreHints, 'versions');
  const versions = Array.isArray(listed) ? listed.map(String) : undefined;
  const { revision } = wanted;
  if (revision !== undefined && versions?.includes(revision) !== false)
    return [`aws iam set-default-policy-version ${which} --version-id ${revision}`];
  return [
    ...versionsInTheWay(versions ?? [], defaultId).map(
      (id) => `aws iam delete-policy-version ${which} --version-id ${id}`,
    ),
    {
      command: `aws iam create-policy-version ${which} --set-as-default --policy-document file://before.json`,
      document: partDocument(wanted, 'document'),
    },
  ];
}

/** Returns what restores the parts of a role, user or group, and takes away what was not there. */
export function principalCommands(live: Snapshot, wanted: Snapshot): (string | DocumentCommand)[] {
  const { type, name } = principalName(live.target.arn);
  const holder = { type, who: `--${type}-name ${name}` };
  const texts = new Map(live.parts.map(({ id, document }) => [id, document]));
  const before = new Set(wanted.parts.map(({ id }) => id));
  const surplus = live.parts.filter(({ id }) => !before.has(id));
  const missing = wanted.parts.filter(
    ({ id, document }) => !texts.has(id) || (id.startsWith('inline:') && texts.get(id) !== document),
  );
  const boundaryBack = missing.some(({ id }) => id.startsWith('boundary:'));
  return [
    ...missing.flatMap(({ id, document }) =>
      partCommands(id, 'put', holder).map((command) =>
        id.startsWith('inline:') ? { command, document } : command,
      ),
    ),
    // Putting the boundary before replaces the one there is.
    ...surplus
      .filter(({ id }) => !(boundaryBack && id.startsWith('boundary:')))
      .flatMap(({ id }) => partCommands(id, 'remove', holder)),
  ];
}

/** Returns what restores the lists of a provider. The metadata of a SAML provider is not kept, only what it says. */
export function providerCommands(
  { target: { arn }, parts }: Snapshot,
  wanted: Snapshot,
): (string | DocumentCommand)[] {
  if (arn.includes(':saml-provider/')) {
    const command = `aws iam update-saml-provider --saml-provider-arn ${arn} --saml-metadata-document file://before.json`;
    return [{ command, document: undefined }];
  }
  const which = `--open-id-connect-provider-arn ${arn}`;
  if (wanted.parts.length === 0) return [`aws iam delete-open-id-connect-provider ${which}`];
  const [there, before] = [parts, wanted.parts].map((list) => providerLists(list[0]?.document));
  const thumbprints = before?.thumbprints ?? [];
  return [
    ...memberCommands(there?.clientIds ?? [], before?.clientIds ?? [], {
      remove: (id) =>
        `aws iam remove-client-id-from-open-id-connect-provider ${which} --client-id ${quoted(id)}`,
      add: (id) => `aws iam add-client-id-to-open-id-connect-provider ${which} --client-id ${quoted(id)}`,
    }),
    ...(thumbprints.join() === there?.thumbprints.join()
      ? []
      : [
          `aws iam update-open-id-connect-provider-thumbprint ${which} --thumbprint-list ${thumbprints.length > 0 ? thumbprints.join(' ') : "'[]'"}`,
        ]),
  ];
}

/** The audiences and the certificates that the derived document names. */
function providerLists(document = '{}'): { readonly clientIds: string[]; readonly thumbprints: string[] } {
  const found = new Map<string, string[]>();
  JSON.parse(document, (key, value: unknown) => {
    const [, name = ''] = /(?:^|:)(aud|SigningCertificate)$/.exec(key) ?? [];
    if (name !== '') found.set(name, [value].flat().map(String));
    return value;
  });
  return { clientIds: found.get('aud') ?? [], thumbprints: found.get('SigningCertificate') ?? [] };
}

type Holder = { readonly type: string; readonly who: string };

function partCommands(id: string, how: 'put' | 'remove', { type, who }: Holder): string[] {
  const [sort, name] = splitId(id);
  const isPut = how === 'put';
  switch (sort) {
    case 'inline':
      return isPut
        ? [`aws iam put-${type}-policy ${who} --policy-name ${name} --policy-document file://before.json`]
        : [`aws iam delete-${type}-policy ${who} --policy-name ${name}`];
    case 'attached':
      return [`aws iam ${isPut ? 'attach' : 'detach'}-${type}-policy ${who} --policy-arn ${name}`];
    case 'boundary':
      return isPut
        ? [`aws iam put-${type}-permissions-boundary ${who} --permissions-boundary ${name}`]
        : [`aws iam delete-${type}-permissions-boundary ${who}`];
    default:
      if (name.includes('/')) return [];
      return [
        `aws iam ${isPut ? 'add-user-to-group' : 'remove-user-from-group'} ${who} --group-name ${name}`,
      ];
  }
}
