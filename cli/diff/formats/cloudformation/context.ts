/** What a template's functions are resolved with, in one world. */
import type { Path } from '../../fields.ts';
import type { Choose } from '../../worlds.ts';
import type { Deployment, Domains, Template } from './template.ts';

export type Context = {
  readonly template: Template;
  readonly domains: Domains;
  readonly deployment: Deployment;
  readonly choose: Choose;
  /** Where each object that was resolved stands in the template. */
  readonly origins: WeakMap<object, Path>;
  /** Resolves a value whose place does not matter. */
  readonly resolve: (value: unknown) => unknown;
};
