/** What a file states about holders and resources: the same shape whatever the format. */
import type { PartRole } from '../../shared/targets/target.ts';
import type { Region } from '../output/checkResult.ts';
import type { Document } from './document.ts';
import type { FacetName } from './facets.ts';

/** What has access or grants it: `role`, `bucket`, … with every name by which its state knows it. */
export type Entity = { readonly type: string; readonly ids: readonly string[] };

/** A document of an entity, or a text held elsewhere. */
export type Part = {
  /** `inline:NAME`, `attached:ARN`, `boundary:ARN`, `document`, …: equal where it is the same part. */
  readonly id: string;
  readonly role: PartRole;
  readonly document: Document;
  /** True iff it shows what AWS holds, and another resource of the state may have put it there. */
  readonly isHeld?: boolean;
};

/** A part whose documents are those of another entity of the same state. */
export type PartReference = {
  readonly id: string;
  readonly role: PartRole;
  readonly to: Entity;
  readonly region: Region | undefined;
  /** As of a part. */
  readonly isHeld?: boolean;
};

/** One fact of a state. */
export type Fact = {
  readonly entity: Entity;
  /** What the file calls it. */
  readonly label: string;
  readonly file: string;
  readonly region?: Region | undefined;
  /** True iff this is what makes the entity. */
  readonly defines: boolean;
  readonly facet: FacetName;
  readonly parts: readonly Part[];
  readonly references: readonly PartReference[];
};

/** Something that may hold a policy and cannot be read. Equal keys on both sides: it did not change. */
export type Unread = {
  readonly file: string;
  readonly key: string;
  readonly why: string;
  readonly region?: Region | undefined;
};

/** Returns what one side alone has: what is the same on both did not change. */
export function changedUnread(before: readonly Unread[], after: readonly Unread[]): Unread[] {
  const keyOf = ({ file, key }: Unread) => `${file} ${key}`;
  const [old, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  const named = new Map<string, Unread>();
  for (const one of [
    ...after.filter((each) => !old.has(keyOf(each))),
    ...before.filter((each) => !now.has(keyOf(each))),
  ])
    if (!named.has(`${one.file} ${one.why}`)) named.set(`${one.file} ${one.why}`, one);
  return [...named.values()];
}
