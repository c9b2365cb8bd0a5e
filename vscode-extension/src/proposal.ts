/** The report on a proposed hdl-lsp.toml: the file, what each line is worth, what is left. Pure. */

import type { Choice, Proposal } from "./design_protocol";
import { fenced, list } from "./markdown";

export function proposalReport(found: Proposal): string {
  const kept = found.choices.filter((choice) => choice.isKept);
  const dropped = found.choices.filter((choice) => !choice.isKept);
  return (
    `# Proposed hdl-lsp.toml\n\n${count(found.files, "file")}: ${count(found.errorsBefore, "error")} without it, ` +
    `${found.errorsAfter} with it.\n\n${fenced("toml", found.toml)}` +
    list("What each line is worth", kept.map((choice) => `\`${named(choice)}\`: ${choice.proof}`)) +
    list("Tried and left out", dropped.map((choice) => `\`${named(choice)}\`: ${choice.errorsBefore} → ${choice.errorsAfter} errors`)) +
    list("Errors that are left", found.unsolved.map(({ message, count: times }) => `${times} × ${oneLine(message)}`))
  );
}

/** What is asked before the file is created. */
export function proposalQuestion(found: Proposal): string {
  return (
    `hdl-lsp.toml for ${found.folder}: ${count(found.errorsBefore, "error")} without it, ` +
    `${found.errorsAfter} with it. Create the file?`
  );
}

function named(choice: Choice): string {
  return `${choice.key}: ${choice.value}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
