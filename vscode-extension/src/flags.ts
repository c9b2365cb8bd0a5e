/** The report on one file: how it is compiled and why. Pure: words what the server says. */

import type { FileInfo } from "./design_protocol";
import { list, quoted, table } from "./markdown";

export function fileReport(file: FileInfo): string {
  const head = table("File", [
    ["File", file.path],
    ["Decided by", file.rule],
    ["Because", file.why],
    ["Folder", file.folder],
    ["Part of the project as", file.isThirdParty ? `${file.role}, third party` : file.role],
    ["Target", file.target],
    ["Top modules", file.tops.join(", ")],
    ["Declares", file.units.join(", ")],
    ["Compiled inside", file.compiledIn],
    ["Macros", file.defines.join(", ")],
    ["Encoding", file.encoding],
    ["Size", `${file.bytes} bytes, ${file.lines} lines`],
    ["Not compiled, because", file.factsFailure],
  ]);
  return (
    head +
    list("Include folders", quoted(file.includeDirs)) +
    list("Files whose macros count", quoted(file.macroFiles)) +
    list("Included by", quoted(file.includedBy)) +
    list("Includes not found", quoted(file.unresolvedIncludes)) +
    list("Macros not found", quoted(file.unresolvedMacros)) +
    list("Modules and packages not found", quoted(file.unresolvedNames))
  );
}
