/**
 * The adapters by kind, made of the kinds' definitions. The file that talks to AWS, and its service's client with it, is
 * loaded when a target of the kind is first touched: a start pays for nothing else.
 */
import type { KindDefinition } from '../targets/kind.ts';
import type { Adapters, TargetAdapter, TargetKind } from '../targets/target.ts';
import { KINDS } from './registry.ts';

/** What there is to know of each kind. */
export const DEFINITIONS = Object.fromEntries(KINDS.map((definition) => [definition.kind, definition])) as {
  readonly [kind in TargetKind]: KindDefinition;
}; // The names of kinds are made of these definitions.

/** The adapters by kind. */
export const ADAPTERS: Adapters = Object.fromEntries(
  KINDS.map((definition) => [definition.kind, adapterOf(definition)]),
) as Adapters; // The names of kinds are made of these definitions.

function adapterOf(definition: KindDefinition): TargetAdapter {
  const { load, whyNotRestorable = () => undefined, kind } = definition;
  return {
    ...definition,
    kind: kind as TargetKind, // As above.
    whyNotRestorable,
    resolve: async (target, clients) => (await (await load()).resolve?.(target, clients)) ?? [target],
    read: async (target, clients) => (await load()).read(target, clients),
    withAddition: async (...given) => (await load()).withAddition?.(...given),
    reaches: async (target, clients) => (await load()).reaches?.(target, clients),
    async *list(clients, place) {
      yield* (await load()).list(clients, place);
    },
    restore: async (request, clients) => (await load()).restore(request, clients),
  };
}
