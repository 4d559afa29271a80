import type { SchemaView } from './schemaView.ts';

/** Descriptions are the catalogue's text: every type and every field needs one. Returns the faults. */
export function checkDescriptions({ document }: SchemaView): readonly string[] {
  const faults: string[] = [];
  for (const type of document.definitions) {
    if (!/TypeDefinition$/.test(type.kind) || !('name' in type) || !type.name) continue;
    const name = type.name.value;
    if (!('description' in type) || !type.description) faults.push(`${name} has no description: say what it is`);
    if (!('fields' in type)) continue;
    for (const field of type.fields ?? []) {
      if (!('description' in field) || !field.description) {
        faults.push(
          `${name}.${field.name.value} has no description: say what it holds and the source's own name for it`,
        );
      }
    }
  }
  return faults;
}
