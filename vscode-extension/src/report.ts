/**
 * Server and engine states in words: status items and the two report documents.
 * Pure: knows no VS Code. Decides no state itself, only how one looks.
 */

import type { Targets } from "./design_protocol";
import { list, quoted, table } from "./markdown";
import type { EngineStatus, ProjectStatus, ServerStatus } from "./protocol";

export type Severity = "info" | "warning" | "error";

/** What one status item shows. */
export interface Line {
  readonly text: string;
  readonly detail: string;
  readonly severity: Severity;
  readonly busy: boolean;
}

/** The model: name and device, or why there is none. */
export function engineLine(engine: EngineStatus): Line {
  const model = engine.model === "" ? "model" : engine.model;
  // The remark of a model that works is for the report: the box of the status is one line wide.
  const facts = [engine.device, speed(engine)].filter((part) => part !== "").join(" · ");
  switch (engine.state) {
    case "off":
      return { text: "No model", detail: engine.detail, severity: "info", busy: false };
    case "starting":
      return { text: model, detail: "loading", severity: "info", busy: true };
    case "ready":
      return { text: model, detail: joined("ready", facts), severity: "info", busy: false };
    case "busy":
      return { text: model, detail: joined("writing", facts), severity: "info", busy: true };
    case "failed":
      return { text: `${model} failed`, detail: engine.detail, severity: "error", busy: false };
  }
}

/** The analysis processes and the reading of the workspace. */
export function analysisLine(status: ServerStatus): Line {
  const { analysis, indexing } = status;
  const detail = `open files: ${analysis.shallow} · whole design: ${analysis.design}`;
  if (analysis.shallow === "failed" || analysis.design === "failed") {
    return { text: "Analysis failed", detail, severity: "error", busy: false };
  }
  if (indexing !== null) {
    return { text: `Reading ${indexing.done} of ${indexing.total} files`, detail, severity: "info", busy: true };
  }
  return { text: "Analysis", detail, severity: "info", busy: false };
}

/** The chosen build; undefined when the project names none. */
export function targetLine({ active, targets }: Targets): Line | undefined {
  if (targets.length === 0) {
    return undefined;
  }
  const tops = targets.find((target) => target.name === active)?.tops.join(", ") ?? "";
  const detail = joined("target", tops);
  return { text: active === "" ? "No target" : active, detail, severity: "info", busy: false };
}

/** Before the first status, and after the last. */
export function serverLine(state: "starting" | "stopped" | "missing"): Line {
  switch (state) {
    case "starting":
      return { text: "hdl-lsp", detail: "starting", severity: "info", busy: true };
    case "stopped":
      return { text: "hdl-lsp stopped", detail: "see the log", severity: "error", busy: false };
    case "missing":
      return { text: "hdl-lsp not found", detail: "set hdl.server.path", severity: "error", busy: false };
  }
}

export function engineReport(engine: EngineStatus): string {
  return table("Engine", [
    ["State", engine.state],
    ["Model", engine.model],
    ["Device", engine.device],
    ["Context", engine.contextTokens > 0 ? `${engine.contextTokens} tokens` : ""],
    ["Fill in the middle", engine.fim],
    ["Speed", speed(engine)],
    ["Restarts", `${engine.restarts}`],
    ["Remark", engine.detail],
  ]);
}

export function projectReport(project: ProjectStatus): string {
  const head = table("Project", [
    ["Decided by", project.source],
    ["Because", project.detail],
    ["Sources", project.isLoaded ? `${project.sources} files` : `${project.sources} files so far`],
    ["Top modules", project.tops.join(", ")],
    ["Macros", project.defines.join(", ")],
  ]);
  const problems = project.problems.map((problem) => `\`${problem.path}:${problem.line}\` ${problem.message}`);
  return head + list("Folders", quoted(project.roots)) + list("Include folders", quoted(project.includeDirs)) + list("Problems", problems);
}

function speed(engine: EngineStatus): string {
  return engine.tokensPerS === null ? "" : `${engine.tokensPerS.toFixed(1)} tokens/s`;
}

function joined(state: string, rest: string): string {
  return rest === "" ? state : `${state} · ${rest}`;
}
