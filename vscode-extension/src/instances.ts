/**
 * How an instance looks in the tree, and which levels of the tree have come so far.
 * Pure: knows no VS Code. What is in the design is the server's to say.
 */

import type { Instance, InstancePage } from "./design_protocol";

export interface Look {
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip: string;
  /** Name of a product icon. */
  readonly icon: string;
  /** For the `when` clauses of the menus. */
  readonly context: string;
}

const ICONS: Readonly<Record<string, string>> = { module: "circuit-board", interface: "symbol-interface", program: "beaker" };

/** *active*: path of the instance whose values are shown in hovers. */
export function instanceLook(one: Instance, active: string): Look {
  const parameters = one.parameters.map(({ name, value }) => `${name}=${value}`);
  const isActive = one.path === active;
  const rows = one.parameters.map(({ name, value }) => `| \`${name}\` | \`${inCell(value)}\` |\n`).join("");
  return {
    label: one.name,
    description: [one.definition, ...parameters].join("  "),
    tooltip:
      `\`${one.path}\`: ${one.kind} \`${one.definition}\`\n` +
      (isActive ? "\nHovers show the values of this instance.\n" : "") +
      (rows === "" ? "" : `\n| parameter | value |\n| --- | --- |\n${rows}`),
    icon: isActive ? "target" : (ICONS[one.kind] ?? "question"),
    context: `instance${one.definitionLocation === null ? "" : ".declared"}${isActive ? ".active" : ""}`,
  };
}

/** A name for each instance of a level, never the same for two: broken code may hold a path twice. */
export function ids(instances: readonly Instance[]): string[] {
  const times = new Map<string, number>();
  return instances.map(({ path }) => {
    const before = times.get(path) ?? 0;
    times.set(path, before + 1);
    return before === 0 ? path : `${path}\n${before}`;
  });
}

/** What stands behind the last instance of a level that has not come whole; undefined when it has. */
export function remaining(page: InstancePage): string | undefined {
  const left = page.total - page.start - page.instances.length;
  return left > 0 ? `${left} more` : undefined;
}

/** A level with its next page. */
export function joined(before: InstancePage, next: InstancePage): InstancePage {
  return { ...next, start: before.start, instances: [...before.instances, ...next.instances] };
}

function inCell(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ");
}
