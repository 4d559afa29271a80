import { findScope, SCOPE_ALIASES, SCOPE_GROUPS } from '../../schema/scopes.ts';
import type { SchemaView } from './schemaView.ts';

/** Whether every scope a rule names is in the treaty's table and held by this agency: grants carry no other. Returns the faults. */
export function checkScopes({ name, rules }: SchemaView): readonly string[] {
  const faults: string[] = [];
  for (const [at, { scopes = [] }] of rules.rules) {
    for (const scope of new Set(scopes.flat())) {
      const known = findScope(scope);
      if (!known) faults.push(`${at} asks for the scope "${scope}", ${unknownScope(scope)}`);
      else if (known.holder !== name) {
        faults.push(
          `${at} asks for the scope "${scope}", which "${known.holder}" holds: grants to "${name}" never carry it. ` +
            `Use a scope of "${name}", or change the holder in schema/scopes.ts`,
        );
      }
    }
  }
  return faults;
}

function unknownScope(scope: string): string {
  if (Object.hasOwn(SCOPE_ALIASES, scope)) return `an alias: write "${SCOPE_ALIASES[scope]}"`;
  if (Object.hasOwn(SCOPE_GROUPS, scope)) return `a group: write its members, ${SCOPE_GROUPS[scope]!.join(', ')}`;
  return 'which is not in schema/scopes.ts: correct it, or add it there first';
}
