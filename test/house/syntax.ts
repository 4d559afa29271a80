import ts from 'typescript';
import { readText } from './tree.ts';

const parsed = new Map<string, ts.SourceFile>();

/** The syntax tree of a source, parsed once. */
export function parse(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.ES2023, true);
  parsed.set(path, source);
  return source;
}

/** Whether any node of a source is so. */
export function anyNode(path: string, isSo: (node: ts.Node) => boolean): boolean {
  const visit = (node: ts.Node): boolean => isSo(node) || ts.forEachChild(node, visit) === true;
  return visit(parse(path));
}

/** Every text between quotes. */
export function textsOf(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(path));
  return found;
}
