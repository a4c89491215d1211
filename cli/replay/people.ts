/** What people would have been told, and when: what interrupts at once, and the rest in digests. */
import type { Finding } from '../../shared/findings/finding.ts';
import type { FindingPublisher, GroupForm } from '../../shared/findings/publisher.ts';
import { renderGroupSubject } from '../../shared/findings/renderGroup.ts';

/** One message that reached people. */
export type Told = {
  /** ISO 8601, in the trail's time. */
  readonly at: string;
  readonly form: GroupForm | 'interrupt';
  /** One line. */
  readonly subject: string;
  readonly findingIds: readonly string[];
};

/** Returns a publisher that notes each message in `told`. A finding that ends interrupts nobody a second time. */
export function createPeople(told: Told[], now: () => Date): FindingPublisher {
  const note = (form: Told['form'], subject: string, findings: readonly Finding[]) => {
    told.push({ at: now().toISOString(), form, subject, findingIds: findings.map(({ id }) => id) });
  };
  return {
    name: 'people',
    async publish(findings) {
      for (const finding of findings)
        note('interrupt', `${finding.status} ${finding.severity}: ${finding.title}`, [finding]);
      return [];
    },
    async publishGroup(findings, form) {
      note(form, renderGroupSubject(findings, form), findings);
      return [];
    },
  };
}
