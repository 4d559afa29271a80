import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, parse, print, type OperationDefinitionNode } from 'graphql';

const HEAD = `/* Made by npm run frontend-kit from operations.graphql and the public schema: do not edit. */
import type { TypedOperation } from './hubClient.ts';
`;

/** What the public schema's own scalars are in JSON. */
const SCALARS = { Date: 'string', DateTime: 'string', PartialDate: 'string' };

/** Text of `portal/frontend-kit/generated.ts`: the types of every operation, and each operation as a value that carries them. */
export async function frontendKitTypes(root: string): Promise<string> {
  const schema = parse(readFileSync(join(root, 'schema/composed/api.graphql'), 'utf8'));
  const document = parse(readFileSync(join(root, 'portal/frontend-kit/operations.graphql'), 'utf8'));
  const types = await codegen({
    filename: 'generated.ts',
    schema,
    schemaAst: buildSchema(readFileSync(join(root, 'schema/composed/api.graphql'), 'utf8')),
    documents: [{ document }],
    config: {
      scalars: SCALARS,
      enumsAsTypes: true,
      skipTypename: true,
      useTypeImports: true,
      onlyOperationTypes: true,
    },
    plugins: [{ operations: {} }],
    pluginMap: { operations },
  });
  const values = document.definitions
    .filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION)
    .map((node) => {
      const name = node.name!.value;
      const suffix = node.operation === 'query' ? 'Query' : 'Mutation';
      const type = `TypedOperation<${name}${suffix}, ${name}${suffix}Variables>`;
      return `export const ${name}: ${type} = {\n  document: ${JSON.stringify(print(node))},\n};`;
    });
  return `${HEAD}\n${types.trim()}\n\n${values.join('\n\n')}\n`;
}
