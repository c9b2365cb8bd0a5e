/** Markdown of the report documents. Pure: knows neither VS Code nor what is reported. */

export function quoted(names: readonly string[]): string[] {
  return names.map((name) => `\`${name}\``);
}

/** A bulleted list under a heading; nothing when there is nothing to list. */
export function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n## ${title}\n\n${lines.map((line) => `- ${line}\n`).join("")}`;
}

/** A two-column table under a heading; rows without a value are left out. */
export function table(title: string, rows: readonly (readonly [string, string])[]): string {
  const body = rows
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `| ${name} | ${value.replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ")} |\n`)
    .join("");
  return `# ${title}\n\n|  |  |\n| --- | --- |\n${body}`;
}

/** *text* in a fence that it can't end. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}\n`;
}
