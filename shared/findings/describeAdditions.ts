/** Everything that a step added, in lines: what somebody became by it, then all of it summed up. Pure. */
import { describeAccess, describeHolder } from './consequence.ts';
import { type AddedAccess, type Addition, type Finding, standingOf } from './finding.ts';

/** Returns what somebody became beyond what the title says, a sentence each. */
export function describeFurther(finding: Finding): readonly string[] {
  const { target, title } = finding;
  const sentences = standingOf(finding).flatMap(({ consequences = [] }) =>
    consequences.map(({ says, isWhole }) => (isWhole === true ? says : `${describeHolder(target)} ${says}`)),
  );
  return [...new Set(sentences)].filter((sentence) => sentence !== title);
}

/** Returns all that was added by service, level and breadth, a line each with one request that AWS would serve. */
export function describeAdded(finding: Finding): readonly string[] {
  return standingOf(finding).flatMap(({ added = [] }) => added.map(describeLine));
}

function describeLine({ service, level, isOnEverything, actions, resources, call }: AddedAccess): string {
  const on = isOnEverything ? 'everything' : resources.join(', ');
  return `${service}, ${level.toLowerCase()}, on ${on}: ${actions.join(', ')}; for example ${describeAccess(call)}`;
}

/** Returns the MITRE ATT&CK techniques of what the step made possible, the most serious first. */
export function techniquesOf(finding: Finding): readonly string[] {
  const named = standingOf(finding).flatMap(({ check, consequences = [] }) => [
    ...consequences.map(({ technique }) => technique),
    ...(TECHNIQUES[check] ?? []),
  ]);
  return [...new Set(named)];
}

/** Of what a check alone says. Source: MITRE ATT&CK, Enterprise. */
const TECHNIQUES: { readonly [check in Addition['check']]?: readonly string[] } = {
  'no-public-access': ['T1530'],
  'no-external-access': ['T1199'],
};
