/** Which resource an attribute refers to, as the configuration in a plan says. */
import { type Fields, isFields, listOf } from '../../fields.ts';

type References = {
  /** Returns the address that an attribute of a resource refers to; undefined where the plan does not tell. */
  of(address: string, attribute: string): string | undefined;
  /** Returns whether the configuration sets the attribute; undefined where the plan does not tell. */
  isSet(address: string, attribute: string): boolean | undefined;
  /** Returns the configuration of the provider by which a resource is made; undefined for the provider's own one. */
  provider(address: string): string | undefined;
};

/** Returns the references of a plan's configuration. */
export function createReferences(plan: Fields): References {
  const addresses = new Set(
    listOf(plan['resource_changes']).flatMap((each) => (isFields(each) ? [String(each['address'])] : [])),
  );
  const configuration = plan['configuration'];
  const root = isFields(configuration) ? configuration['root_module'] : undefined;
  const expressionsOf = (address: string) => {
    const { modules, name } = split(address);
    const resource = resourceIn(moduleAt(root, modules), name);
    if (resource === undefined) return undefined;
    return isFields(resource['expressions']) ? resource['expressions'] : {};
  };
  const configurations = isFields(configuration) ? configuration['provider_config'] : undefined;
  return {
    provider(address) {
      const { modules, name } = split(address);
      const key = resourceIn(moduleAt(root, modules), name)?.['provider_config_key'];
      const found = typeof key === 'string' && isFields(configurations) ? configurations[key] : undefined;
      const isOwn =
        !isFields(found) || (found['alias'] === undefined && found['module_address'] === undefined);
      return isOwn ? undefined : String(key);
    },
    isSet(address, attribute) {
      const expressions = expressionsOf(address);
      return expressions === undefined ? undefined : attribute in expressions;
    },
    of(address, attribute) {
      const { index, prefix } = split(address);
      const expression = expressionsOf(address)?.[attribute];
      const references = isFields(expression) ? listOf(expression['references']).map(String) : [];
      for (const reference of references) {
        if (
          !/^[a-z]\w*\.[\w-]+/.test(reference) ||
          /^(var|local|data|module|each|count|path|self)\./.test(reference)
        )
          continue;
        const base = `${prefix}${reference.split('.').slice(0, 2).join('.')}`;
        const whole = base.replace(/\[.*$/, '');
        const found = [base, `${whole}${index}`, whole].find((each) => addresses.has(each));
        if (found !== undefined) return found;
        // Which of several it is, the plan does not tell.
        const [instance, ...others] = [...addresses].filter((each) => each.startsWith(`${whole}[`));
        if (others.length > 0) return undefined;
        if (instance !== undefined) return instance;
      }
      return undefined;
    },
  };
}

function split(address: string) {
  const [, prefix = '', rest = address] = /^((?:module\.[^.[]+(?:\[[^\]]*\])?\.)*)(.*)$/.exec(address) ?? [];
  const modules = [...prefix.matchAll(/module\.([^.[]+)/g)].map(([, name = '']) => name);
  const [, name = rest, index = ''] = /^([^[]*)(\[.*\])?$/.exec(rest) ?? [];
  return { modules, name, index, prefix };
}

function moduleAt(root: unknown, names: readonly string[]): unknown {
  let found = root;
  for (const name of names) {
    const calls = isFields(found) ? found['module_calls'] : undefined;
    const call = isFields(calls) ? calls[name] : undefined;
    found = isFields(call) ? call['module'] : undefined;
  }
  return found;
}

function resourceIn(module: unknown, address: string): Fields | undefined {
  const resources = isFields(module) ? listOf(module['resources']) : [];
  return resources.find((each): each is Fields => isFields(each) && each['address'] === address);
}
