import type { ScopeName } from '../../../schema/scopes.ts';
import type { OperationReading } from './readOperation.ts';
import type { ScopeSet } from './rights.ts';

/** For each field the scopes' first one of the alternative that opens it, or would; values follow the field above them. */
export function scopesNamed(reading: OperationReading, effective: ScopeSet): readonly (ScopeName | undefined)[] {
  const named: (ScopeName | undefined)[] = [];
  for (const { need, parent } of reading.fields) {
    const alternatives = need.rule?.scopes ?? [];
    const opening = alternatives.find((all) => all.every((scope) => effective.has(scope))) ?? alternatives[0];
    named.push(opening?.[0] ?? (parent && named[parent.field.index]));
  }
  return named;
}
