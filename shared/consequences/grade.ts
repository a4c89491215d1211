/** How serious something is; every finding has one. */

/** From the least to the most serious. */
export const GRADES = ['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;

export type Grade = (typeof GRADES)[number];

/** Returns the more serious of the grades; INFO of none. */
export function worst(grades: Iterable<Grade>): Grade {
  let found: Grade = 'INFO';
  for (const grade of grades) if (GRADES.indexOf(grade) > GRADES.indexOf(found)) found = grade;
  return found;
}
