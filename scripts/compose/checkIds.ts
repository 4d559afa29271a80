import { Kind, valueFromASTUntyped, type InputValueDefinitionNode } from 'graphql';
import { hasDirective, namedType, type SchemaView } from './schemaView.ts';

/** `@tag(name: "thing-id")` on an `ID` input: the id of a thing that the agency made, and not of a person. */
export const THING_ID_TAG = 'thing-id';

/**
 * Whether every `ID` that comes in says what it identifies. A person's reference must be marked, or the hub would hand one party's
 * reference to another untranslated; so an unmarked one is refused, whatever it is called. Returns the faults.
 */
export function checkIds({ objects, inputs }: SchemaView): readonly string[] {
  const faults: string[] = [];
  const check = (at: string, input: InputValueDefinitionNode): void => {
    if (namedType(input.type) !== 'ID' || hasDirective(input, 'subjectId') || isThingId(input)) return;
    faults.push(
      `${at} takes an ID and does not say of what. Add @subjectId when it is a person's reference, @tag(name: "${THING_ID_TAG}") otherwise`,
    );
  };
  for (const [type, fields] of objects) {
    for (const field of fields) {
      for (const argument of field.arguments ?? [])
        check(`${type}.${field.name.value}(${argument.name.value}:)`, argument);
    }
  }
  for (const input of inputs) {
    for (const field of input.fields ?? []) check(`${input.name.value}.${field.name.value}`, field);
  }
  return faults;
}

function isThingId(input: InputValueDefinitionNode): boolean {
  return (input.directives ?? []).some(
    (used) =>
      used.name.value === 'tag' &&
      used.arguments?.some(
        ({ name, value }) =>
          name.value === 'name' && value.kind === Kind.STRING && valueFromASTUntyped(value) === THING_ID_TAG,
      ),
  );
}
