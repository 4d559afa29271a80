import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buildSchema,
  execute,
  getOperationAST,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
} from 'graphql';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { HttpAnswer, Received, Recorded } from '../../../gateway/request/exchange.ts';
import { reply } from '../../../gateway/request/reply/reply.ts';
import { auditGraphqlOverHttp, type AuditFindings } from '../../support/audit.ts';
import { openFrontDoor, type FrontDoor } from '../receive/frontDoor.ts';

/** The hub's two ends, with graphql-js between them. */
const schema = buildSchema('type Query { hello: String } type Mutation { greet: String }');

async function answer(received: Received): Promise<HttpAnswer> {
  const document = parseOrRefuse(received.query);
  if (validate(schema, document).length > 0) throw new HubError('HUB_OPERATION_INVALID');
  const operation = getOperationAST(document, received.operationName);
  if (!operation) throw new HubError('HUB_OPERATION_NAME_UNKNOWN');
  if (received.method === 'GET' && operation.operation !== 'query')
    throw new HubError('HUB_OPERATION_METHOD_NOT_ALLOWED');
  const result = (await execute({ schema, document, variableValues: received.variables })) as ExecutionResult;
  if (result.data === undefined) throw new HubError('HUB_OPERATION_VARIABLES_INVALID');
  return reply({ ...received, data: JSON.stringify(result.data), errors: [] } as unknown as Recorded);
}

function parseOrRefuse(query: string): DocumentNode {
  try {
    return parse(query);
  } catch {
    throw new HubError('HUB_OPERATION_SYNTAX');
  }
}

let door: FrontDoor;
let findings: AuditFindings;
beforeAll(async () => {
  door = await openFrontDoor({}, { onGraphql: answer });
  findings = await auditGraphqlOverHttp(door.url, { 'hub-preflight': '1' });
});
afterAll(() => door.server.close());

test('the audit of graphql-http finds no failed MUST and no failed MAY', () => {
  expect(findings.musts).toEqual([]);
  expect(findings.mays).toEqual([]);
  expect(findings.passed).toBeGreaterThan(50);
});

test('the only SHOULDs it misses are those the specification turned round on 1 January 2025', () => {
  expect(findings.shoulds).toEqual([
    expect.stringContaining('47DE SHOULD accept */* and use application/json for the content-type'),
    expect.stringContaining('80D8 SHOULD assume application/json content-type when accept is missing'),
  ]);
});

test('without the preflight header only GETs, which are a MAY, are refused', async () => {
  const bare = await auditGraphqlOverHttp(door.url);
  expect(bare.musts).toEqual([]);
  expect(bare.mays.map((finding) => finding.slice(0, 4)).sort()).toEqual(['5A70', '6A70', 'D6D5']);
});
