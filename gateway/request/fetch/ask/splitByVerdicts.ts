import type { SubjectKey } from '../../../platform/ids.ts';
import type { Refusal } from '../../exchange.ts';
import type { FetchProgram } from '../compile/compileFetch.ts';
import { typeOf, type DataNode } from '../compile/place.ts';
import { blame } from '../merge/takeAnswer.ts';
import type { Run } from '../run.ts';
import { refused } from './runFetch.ts';

/** Some of a fetch's nodes, and what may be asked of each of them. */
export interface FetchPart {
  readonly fetch: FetchProgram;
  readonly nodes: DataNode[];
}

/**
 * Divides a fetch about relatives: each is asked for what their own verdicts allow and nothing else, those of equal verdicts in one request. Of whom
 * nothing may be asked is named to nobody.
 */
export function splitByVerdicts(fetch: FetchProgram, nodes: readonly DataNode[], run: Run): readonly FetchPart[] {
  const persons = run.input.persons!;
  const { theirs, lesser } = fetch.ofRelatives!;
  const parts = new Map<FetchProgram, FetchPart>();
  for (const node of nodes) {
    const subject = subjectAt(fetch, node, run);
    const verdicts = subject && persons.verdictsOf(subject);
    const no = verdicts ? theirs.filter((index) => !verdicts[index]!.allowed) : theirs;
    const asked = !verdicts ? undefined : no.length === 0 ? fetch : lesser(no);
    if (!asked) {
      // Why each field is refused the projector knows; what stands here is that nobody was asked.
      blame(fetch.reader, node, refused(fetch, STRANGERS));
      continue;
    }
    const part = parts.get(asked) ?? { fetch: asked, nodes: [] };
    parts.set(asked, part);
    part.nodes.push(node);
  }
  return [...parts.values()];
}

const STRANGERS: Refusal = { reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };

function subjectAt(fetch: FetchProgram, node: DataNode, run: Run): SubjectKey | undefined {
  if (fetch.personSlot === undefined || !run.personTypes.has(typeOf(node) ?? '')) return undefined;
  const subject = node[fetch.personSlot];
  return typeof subject === 'string' ? (subject as SubjectKey) : undefined;
}
