import type { SubjectKey } from '../../../platform/ids.ts';
import type { FetchProgram } from '../compile/compileFetch.ts';
import type { DataNode } from '../compile/place.ts';

/** Whose something is: the person it stands under, however far below; undefined under nobody, and where nobody is named. */
export interface OwnedNode {
  readonly node: DataNode;
  readonly owner: SubjectKey | undefined;
}

type Path = Pick<FetchProgram, 'path' | 'personSlots'>;

/** The nodes that a fetch is about. */
export function collectNodes(root: DataNode, { path }: Path): DataNode[] {
  const nodes: DataNode[] = [];
  const collect = (value: unknown, at: number): void => {
    if (!Array.isArray(value)) return;
    const step = path[at];
    if (step === undefined) nodes.push(value);
    else if (step === '@') for (const element of value) collect(element, at + 1);
    else collect(value[step], at + 1);
  };
  collect(root, 0);
  return nodes;
}

/** The same, each with whose it is: an object that is no person does not say so itself. */
export function collectByOwner(root: DataNode, { path, personSlots }: Path): OwnedNode[] {
  const nodes: OwnedNode[] = [];
  const collect = (value: unknown, at: number, above: SubjectKey | undefined): void => {
    if (!Array.isArray(value)) return;
    const step = path[at];
    if (step === undefined) {
      nodes.push({ node: value, owner: above });
      return;
    }
    if (step === '@') {
      for (const element of value) collect(element, at + 1, above);
      return;
    }
    const slot = personSlots[at];
    const subject: unknown = slot === undefined ? undefined : value[slot];
    collect(value[step], at + 1, typeof subject === 'string' ? (subject as SubjectKey) : above);
  };
  collect(root, 0, undefined);
  return nodes;
}
