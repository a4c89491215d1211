/** The fields of a record that rows of the event table read, and how they read them. */

/** `requestParameters` or `responseElements`; null for many calls. */
export type Fields = { readonly [name: string]: unknown };

/** What a row reads of a record. */
export type EventFields = {
  readonly request: Fields;
  readonly response: Fields;
  /** ARNs of what the call touched, as far as the service says. */
  readonly resources: readonly string[];
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
};

/** Reads one text of a record; undefined where it does not say. */
export type ReadText = (fields: EventFields) => string | undefined;

/** Returns the field iff it is a text that says something. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Returns the members of a field; none where it is no object. */
export function membersOf(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Returns a reader of that parameter of the request. */
export const requestText =
  (field: string): ReadText =>
  ({ request }) =>
    textOf(request, field);
