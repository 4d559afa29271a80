/** First lines of every generated page. */
export function pageHead(title: string, intro: string): string {
  return `# ${title}\n\n<!-- Written by \`npm run docs\`; edits are lost. -->\n\n${intro}\n`;
}

/** A Markdown table; cells may hold pipes and line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

export function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}
