/** How serious an escalation path is, and how it reads: the consequence first, then the call that brings it about. */
import { parseArn } from '../policy/arn.ts';
import type { Escalation } from './findEscalations.ts';
import type { Grade } from './grade.ts';

/**
 * Returns CRITICAL iff the path leads to administration as far as is known: by changing its own permissions beneath no
 * boundary, those of anybody, its own boundary, a known administrator, or the root user of member accounts. Every
 * other path is HIGH, but onto one who is known to have nothing of weight, which is MEDIUM. `isBounded`: the principal has a permissions boundary.
 */
export function gradeEscalation({ path, scope, leadsTo, lesser }: Escalation, isBounded: boolean): Grade {
  // It can act as somebody else, who is known to be no more privileged.
  if (lesser !== undefined) return 'MEDIUM';
  if (leadsTo !== undefined || path.needs === 'boundary' || path.id === 'sts-assume-root') return 'CRITICAL';
  if (path.kind !== 'self-escalation' || scope === 'named' || path.needs === 'deny') return 'HIGH';
  // A boundary caps whatever the principal gives itself; it caps nobody else.
  return scope === 'itself' && isBounded ? 'HIGH' : 'CRITICAL';
}

/** Returns "can become an administrator: it may pass role `admin` to …", to be put after the principal's name. */
export function describeEscalation(escalation: Escalation): string {
  if (escalation.isTrustOpen !== true) return withoutTrust(escalation);
  const which = escalation.leadsTo === undefined && escalation.named === undefined ? 'one' : 'that role';
  return `${withoutTrust(escalation)}, if ${which} lets it in`;
}

function withoutTrust({ path, scope, leadsTo, lesser, named }: Escalation): string {
  if (lesser !== undefined) return `can act as ${nameIn(lesser)}: it may ${naming(path.does, 'it')}`;
  const name = leadsTo === undefined ? undefined : nameIn(leadsTo);
  if (path.needs === 'boundary') return `can free itself from its permissions boundary: it may ${path.does}`;
  if (path.needs === 'deny') return `can free itself from a Deny: it may ${path.does}, its own included`;
  if (name !== undefined) return `can become an administrator: it may ${naming(path.does, name)}`;
  if (path.kind === 'self-escalation') {
    if (scope === 'itself') return `can become an administrator: it may ${path.does}, its own included`;
    if (scope === 'anyone') return `can make anybody an administrator: it may ${path.does}`;
    return `can change what others may do: it may ${path.does}${called(named)}`;
  }
  if (path.id === 'sts-assume-root') return `can become root of other accounts: it may ${path.does}`;
  return `${path.gains ?? 'can become a more privileged principal'}: it may ${path.does}${called(named)}`;
}

/** The sentence about one principal, where it speaks of any. */
function naming(does: string, name: string): string {
  const named = does
    .replace(/^pass a role/, `pass ${name}`)
    .replace(/^assume roles$/, `assume ${name}`)
    .replace(/\b(another user|a user|a role)\b/, name);
  return named === does ? `${does}: ${name}` : named;
}

/** "role `admin`" of an ARN. */
function nameIn(arn: string): string {
  const entity = parseArn(arn).resource;
  return `${entity.split('/')[0] ?? 'principal'} \`${entity.slice(entity.lastIndexOf('/') + 1)}\``;
}

const called = (named: string | undefined) => (named === undefined ? '' : ` (\`${named}\`)`);
