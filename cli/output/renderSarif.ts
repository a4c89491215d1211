/** Annotations as SARIF, for code scanning. Source: OASIS SARIF 2.1.0; GitHub, "SARIF support for code scanning". */
import { createHash } from 'node:crypto';
import { type Annotation, annotationsOf, type CheckName, type CheckResult } from './checkResult.ts';

const RULES: { readonly [check in CheckName]: { readonly name: string; readonly text: string } } = {
  'check-no-new-access': {
    name: 'NoNewAccess',
    text: 'The new document grants something that the existing one does not.',
  },
  'check-access-not-granted': {
    name: 'AccessNotGranted',
    text: 'The document grants access that must not be granted.',
  },
  'check-no-public-access': { name: 'NoPublicAccess', text: 'The document grants access to anyone.' },
  'check-no-external-access': {
    name: 'NoExternalAccess',
    text: 'The document grants access to somebody outside the zone of trust.',
  },
};

/** Returns one run with a rule a check and a result an annotation, as JSON. `version` is this program's. */
export function renderSarif(results: readonly CheckResult[], version: string): string {
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
              defaultConfiguration: { level: 'error' },
              properties: { tags: ['security', 'iam'], 'security-severity': '8.0' },
            })),
          },
        },
        // Columns count as JavaScript's strings do.
        columnKind: 'utf16CodeUnits',
        results: results.flatMap(annotationsOf).map((annotation) => toResult(annotation, names)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function toResult(
  { check, level, file, region, message, fingerprint }: Annotation,
  names: readonly CheckName[],
) {
  return {
    ruleId: check,
    ruleIndex: names.indexOf(check),
    level,
    message: { text: message },
    // Nothing points at a document that came from no file.
    locations:
      file === undefined
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: toUri(file) },
                ...(region === undefined ? {} : { region }),
              },
            },
          ],
    partialFingerprints: {
      'ratchet/v1': createHash('sha256').update(fingerprint).digest('hex').slice(0, 32),
    },
  };
}

/** Paths inside a checkout stay relative, as code scanning wants them. */
function toUri(file: string): string {
  return file.replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
