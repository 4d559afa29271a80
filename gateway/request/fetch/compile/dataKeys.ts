/**
 * The keys under which answers lie in the data tree, and which agencies are asked for. A client's alias is never one of them: it
 * is replaced by `_0`, `_1`, ... so that it can neither meet a key that the plan adds (`{ me { id: name } }`) nor travel to an agency.
 */
export interface DataKeys {
  keyOf(field: { readonly responseKey: string; readonly fieldName: string; readonly hasArguments: boolean }): string;
}

/** `requiredPlain`: names of fields which some `@requires` asks for without arguments, so that those names are taken. */
export function createDataKeys(requiredPlain: ReadonlySet<string>): DataKeys {
  const given = new Map<string, string>();
  return {
    keyOf({ responseKey, fieldName, hasArguments }) {
      if (responseKey === fieldName && !(hasArguments && requiredPlain.has(fieldName))) return fieldName;
      if (fieldName === '__typename') return fieldName;
      const name = `${responseKey} ${fieldName}`;
      const key = given.get(name) ?? `_${given.size}`;
      given.set(name, key);
      return key;
    },
  };
}
