/** Reads out of a source file what the check needs: its imports and the forbidden names it uses. */
import ts from "typescript";

export interface Finding {
  text: string;
  line: number;
}

export interface SourceFacts {
  /** Module names of `import`, `export … from`, `import()` and `require()`. */
  imports: Finding[];
  /** `Math.random`, `process.env`, `console.log`, also written with brackets. */
  forbidden: Finding[];
}

const forbiddenNames = ["Math.random", "process.env", "console.log"];

export function readSource(path: string, text: string): SourceFacts {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const facts: SourceFacts = { imports: [], forbidden: [] };
  const at = (node: ts.Node, found: string): Finding => ({
    text: found,
    line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
  });

  const visit = (node: ts.Node): void => {
    const imported = moduleName(node);
    if (imported !== undefined) facts.imports.push(at(node, imported));
    const used = dottedName(node);
    if (used !== undefined && forbiddenNames.includes(used)) facts.forbidden.push(at(node, used));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return facts;
}

function moduleName(node: ts.Node): string | undefined {
  const literal = (expression: ts.Node | undefined) =>
    expression !== undefined && ts.isStringLiteralLike(expression) ? expression.text : undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const loads = callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");
  return loads ? literal(node.arguments[0]) : undefined;
}

/** `Math.random` of the expressions `Math.random` and `Math["random"]`. */
function dottedName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`;
  }
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const key = node.argumentExpression;
    return ts.isStringLiteralLike(key) ? `${node.expression.text}.${key.text}` : undefined;
  }
  return undefined;
}
