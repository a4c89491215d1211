/** Annotations as SARIF, for code scanning. Source: OASIS SARIF 2.1.0; GitHub, "SARIF support for code scanning". */
import { createHash } from 'node:crypto';
import type { Annotation, CheckName, Region } from './checkResult.ts';

type Rule = {
  readonly name: string;
  readonly text: string;
  readonly help: string;
  readonly severity: string;
};

/** `severity` is GitHub's scale from 0 to 10. */
const RULES: { readonly [check in CheckName]: Rule } = {
  'check-no-new-access': {
    name: 'NoNewAccess',
    text: 'The new document grants something that the existing one does not.',
    help: 'The new document allows a request that the existing one does not; the message shows one. Remove the action, resource or principal that the statement added, or approve the change if the access is wanted.',
    severity: '5.0',
  },
  'check-access-not-granted': {
    name: 'AccessNotGranted',
    text: 'The document grants access that must not be granted.',
    help: 'The document grants access that the configuration calls critical; without a configuration that is full administration: whoever has it can give themselves everything else. Grant the actions that are needed, on the resources that are needed.',
    severity: '9.5',
  },
  'check-no-public-access': {
    name: 'NoPublicAccess',
    text: 'The document grants access to anyone.',
    help: 'The document lets in principals that nothing in it identifies. Name accounts, roles or services as principals, or add a condition on aws:PrincipalOrgID, aws:SourceAccount or aws:SourceArn.',
    severity: '9.5',
  },
  'check-no-external-access': {
    name: 'NoExternalAccess',
    text: 'The document grants access outside the zone of trust.',
    help: 'A principal outside the accounts, organizations and services of `zoneOfTrust` is let in. Remove it, or add its account or organization to the configuration if it is trusted.',
    severity: '8.0',
  },
};

/** GitHub's scale for the words of findings. */
const SCORES = { CRITICAL: '9.5', HIGH: '8.0', MEDIUM: '5.0', LOW: '3.0', INFO: '0.0' } as const;

/** Something that was not judged, and why. */
export type Notification = {
  readonly file: string | undefined;
  readonly region?: Region;
  readonly message: string;
};

/** Returns one run with a rule a check, a result an annotation and a notification for each file not read, as JSON. `version` is this program's. */
export function renderSarif(
  annotations: readonly Annotation[],
  version: string,
  notifications: readonly Notification[] = [],
): string {
  const names = Object.keys(RULES) as CheckName[]; // The keys that the table was typed with.
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Ratchet',
            semanticVersion: version,
            rules: names.map((id) => ({
              id,
              name: RULES[id].name,
              shortDescription: { text: RULES[id].text },
              fullDescription: { text: RULES[id].text },
              help: { text: RULES[id].help, markdown: RULES[id].help },
              defaultConfiguration: { level: 'error' },
              properties: { tags: ['security', 'iam'], 'security-severity': RULES[id].severity },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notifications.map(({ file, region, message }) => ({
              level: 'warning',
              message: { text: message },
              locations: locationsOf(file, region),
            })),
          },
        ],
        // Columns count as JavaScript's strings do.
        columnKind: 'utf16CodeUnits',
        results: annotations.map((annotation) => toResult(annotation, names)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function toResult(
  { check, level, file, region, message, fingerprint, severity, fix }: Annotation,
  names: readonly CheckName[],
) {
  return {
    ruleId: check,
    ruleIndex: names.indexOf(check),
    level,
    message: { text: message },
    locations: locationsOf(file, region),
    partialFingerprints: {
      'ratchet/v1': createHash('sha256').update(fingerprint).digest('hex').slice(0, 32),
    },
    ...(severity === undefined ? {} : { properties: { severity, 'security-severity': SCORES[severity] } }),
    ...(fix === undefined || file === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: fix.description },
              artifactChanges: [
                {
                  artifactLocation: { uri: toUri(file) },
                  replacements: [{ deletedRegion: fix.region, insertedContent: { text: fix.text } }],
                },
              ],
            },
          ],
        }),
  };
}

/** Nothing points at a document that came from no file. */
function locationsOf(file: string | undefined, region: Region | undefined) {
  if (file === undefined) return [];
  return [
    {
      physicalLocation: {
        artifactLocation: { uri: toUri(file) },
        ...(region === undefined ? {} : { region }),
      },
    },
  ];
}

/** Paths inside a checkout stay relative, as code scanning wants them. */
function toUri(file: string): string {
  return file.replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
