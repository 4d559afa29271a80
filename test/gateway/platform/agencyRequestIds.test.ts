import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createAgencyRequestIds } from '../../../gateway/platform/agencyRequestIds.ts';
import { type AgencyId, createRequestId } from '../../../gateway/platform/ids.ts';

const [family, income] = ['family' as AgencyId, 'income' as AgencyId];
const idOf = createAgencyRequestIds({ subjectSecret: randomBytes(32) });

test('each agency knows a request by a name of its own, and by the same one in every fetch', () => {
  const requestId = createRequestId();
  const names = [requestId, idOf(requestId, family), idOf(requestId, income)];
  expect(new Set(names).size).toBe(3);
  expect(idOf(requestId, family)).toBe(names[1]);
  expect(names[1]).toMatch(/^req_[\w-]{22}$/);
});

test('without the hub’s key the names cannot be computed', () => {
  const requestId = createRequestId();
  const other = createAgencyRequestIds({ subjectSecret: randomBytes(32) });
  expect(other(requestId, family)).not.toBe(idOf(requestId, family));
});
