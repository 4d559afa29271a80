import type { SubjectKey } from '../../../platform/ids.ts';
import type { Refusal } from '../../exchange.ts';
import type { FetchProgram } from '../compile/compileFetch.ts';
import { typeOf, type DataNode } from '../compile/place.ts';
import { blame } from '../merge/takeAnswer.ts';
import type { Run } from '../run.ts';
import type { OwnedNode } from './collectNodes.ts';
import { refused } from './runFetch.ts';

/** Some of a fetch's nodes, and what may be asked of each of them. */
export interface FetchPart {
  readonly fetch: FetchProgram;
  readonly nodes: DataNode[];
}

/**
 * Divides a fetch about relatives: each is asked for what their own verdicts allow and nothing else, those of equal verdicts in one request. Of whom
 * nothing may be asked is named to nobody. What is no person is the person's under whom it stands.
 */
export function splitByVerdicts(fetch: FetchProgram, nodes: readonly OwnedNode[], run: Run): readonly FetchPart[] {
  const persons = run.input.persons!;
  const { theirs, lesser } = fetch.ofRelatives!;
  const parts = new Map<FetchProgram, FetchPart>();
  for (const { node, owner } of nodes) {
    const isPerson = run.personTypes.has(typeOf(node) ?? '');
    const subject = isPerson ? subjectAt(fetch, node) : owner;
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

function subjectAt({ personSlot }: FetchProgram, node: DataNode): SubjectKey | undefined {
  const subject = personSlot === undefined ? undefined : node[personSlot];
  return typeof subject === 'string' ? (subject as SubjectKey) : undefined;
}
