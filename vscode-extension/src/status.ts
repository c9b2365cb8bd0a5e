/** The language status items: one for the model, one for the analysis, one for the target if there are any. Shows what report.ts words. */

import * as vscode from "vscode";
import type { Targets } from "./design_protocol";
import type { ServerStatus } from "./protocol";
import { analysisLine, engineLine, type Line, serverLine, type Severity, targetLine } from "./report";

export const LANGUAGES: readonly string[] = ["systemverilog", "verilog"];

const SEVERITY: Record<Severity, vscode.LanguageStatusSeverity> = {
  info: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

export interface StatusItems extends vscode.Disposable {
  server(state: "starting" | "stopped" | "missing"): void;
  show(status: ServerStatus): void;
  targets(now: Targets): void;
}

export function createStatusItems(): StatusItems {
  const selector = LANGUAGES.map((language) => ({ language }));
  const engine = vscode.languages.createLanguageStatusItem("hdl-lsp.engine", selector);
  engine.name = "hdl-lsp: model";
  engine.command = { command: "hdl-lsp.showEngineStatus", title: "Show" };
  const analysis = vscode.languages.createLanguageStatusItem("hdl-lsp.analysis", selector);
  analysis.name = "hdl-lsp: analysis";
  analysis.command = { command: "hdl-lsp.showProject", title: "Project" };
  const log = { command: "hdl-lsp.showLog", title: "Log" };
  let target: vscode.LanguageStatusItem | undefined;
  const items: StatusItems = {
    server(state) {
      set(engine, serverLine(state));
      set(analysis, serverLine(state));
      engine.command = log;
    },
    show(status) {
      set(engine, engineLine(status.engine));
      set(analysis, analysisLine(status));
      engine.command = { command: "hdl-lsp.showEngineStatus", title: "Show" };
    },
    targets(now) {
      const line = targetLine(now);
      if (line === undefined) {
        target?.dispose();
        target = undefined;
        return;
      }
      target ??= vscode.languages.createLanguageStatusItem("hdl-lsp.target", selector);
      target.name = "hdl-lsp: target";
      target.command = { command: "hdl-lsp.selectTarget", title: "Change" };
      set(target, line);
    },
    dispose() {
      target?.dispose();
      engine.dispose();
      analysis.dispose();
    },
  };
  items.server("starting");
  return items;
}

function set(item: vscode.LanguageStatusItem, line: Line): void {
  item.text = line.text;
  item.detail = line.detail;
  item.severity = SEVERITY[line.severity];
  item.busy = line.busy;
}
