/**
 * Ways to become a more privileged principal, as data: which calls, on what, and which service a role is passed to.
 * A row is public knowledge; `sources` names where. Nothing here knows a policy: `findEscalations` asks whether a
 * principal can do every call of a row.
 *
 * Sources:
 * - `pathfinding`: pathfinding.cloud, the catalogue of IAM privilege escalation paths (Datadog), by its ids
 * - `rhino`: Rhino Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation", and Pacu
 * - `bishopfox`: Bishop Fox, "Privilege Escalation in AWS", and IAM Vulnerable
 * - `hacktricks`: HackTricks Cloud, "AWS Privilege Escalation"
 * - `hackingthecloud`: Hacking the Cloud, "AWS IAM Privilege Escalation Techniques"
 * - `prowler`: Prowler, check `iam_policy_allows_privilege_escalation`
 * - `cloudsplaining`: Cloudsplaining, its privilege escalation methods and actions that return credentials
 * - `pmapper`: Principal Mapper, its edges
 * - `sar`: Service Authorization Reference: the action lists `iam:PassRole` as a dependent action
 * - `guide`: the service's own guide
 *
 * `test/vectors/escalations.jsonl` holds every path of these lists against the rows.
 */
import { EXISTING } from './paths/existing.ts';
import { IAM } from './paths/iam.ts';
import { IDENTITY_CENTER } from './paths/identityCenter.ts';
import { PASSED } from './paths/passed.ts';
import type { EscalationPath } from './paths/path.ts';

/** Every path, in the order in which findings name them: by what they need least. */
export const ESCALATION_PATHS: readonly EscalationPath[] = [
  ...IAM,
  ...IDENTITY_CENTER,
  ...PASSED,
  ...EXISTING,
];
