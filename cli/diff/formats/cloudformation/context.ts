/** What a template's functions are resolved with, in one world. */
import type { Path } from '../../fields.ts';
import type { Choose } from '../../worlds.ts';
import type { Deployment, Domains, Template } from './template.ts';

export type Context = {
  readonly template: Template;
  readonly domains: Domains;
  readonly deployment: Deployment;
  readonly choose: Choose;
  /** Before every name that the template makes: `Nested.` for one that another stack makes. */
  readonly prefix: string;
  /** Returns what a parameter is given; undefined where nothing is known to be given. */
  readonly given: (parameter: string) => unknown;
  /** Returns an output of a stack that the template makes; undefined where its template is not known. */
  readonly output: (label: string, name: string) => unknown;
  /** Where each object that was resolved stands in the template. */
  readonly origins: WeakMap<object, Path>;
  /** Resolves a value whose place does not matter. */
  readonly resolve: (value: unknown) => unknown;
};
