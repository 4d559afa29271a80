import { dirname, posix } from 'node:path';
import ts from 'typescript';
import { parse } from './syntax.ts';
import { sourceFiles } from './tree.ts';

export interface Import {
  /** Importing file, from the project's root. */
  readonly from: string;
  /** Imported file from the project's root, or an outside library by package name (`node:` kept). */
  readonly to: string;
  readonly isOurs: boolean;
  /** Only its types are used: nothing of it runs. */
  readonly isTypeOnly: boolean;
}

let all: readonly Import[] | undefined;

/** Every import, re-export, `import()` and `typeof import()` of every source. */
export function allImports(): readonly Import[] {
  all ??= sourceFiles().flatMap(importsOf);
  return all;
}

function importsOf(from: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, isTypeOnly: boolean) => found.push({ from, isTypeOnly, ...resolve(from, specifier) });

  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node)) {
      add(textOf(node.moduleSpecifier), isTypeOnlyClause(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(textOf(node.moduleSpecifier), node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments;
      if (target !== undefined && ts.isStringLiteralLike(target)) add(target.text, false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(textOf(node.argument.literal), true);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(from));
  return found;
}

function isTypeOnlyClause(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function resolve(from: string, specifier: string): { readonly to: string; readonly isOurs: boolean } {
  if (specifier.startsWith('.')) return { to: posix.join(dirname(from), specifier), isOurs: true };
  const parts = specifier.split('/');
  return { to: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!, isOurs: false };
}

function textOf(node: ts.Node): string {
  return (node as ts.StringLiteral).text;
}
