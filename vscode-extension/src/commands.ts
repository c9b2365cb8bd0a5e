/** The commands of the palette. Each asks the server one thing and shows the answer. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { cursor } from "./cursor";
import { type DesignView, designCommands } from "./design";
import type { Documents } from "./documents";
import { type EngineStatus, type Explanation, Method, type ProjectStatus } from "./protocol";
import { projectCommands } from "./project";
import { engineReport, projectReport } from "./report";
import { signalCommands } from "./signals";
import type { StatusItems } from "./status";

/** What the commands need; `client` is undefined while no server runs. */
export interface Commander {
  client(): LanguageClient | undefined;
  restartServer(): Promise<void>;
  readonly documents: Documents;
  readonly design: DesignView;
  readonly status: StatusItems;
  readonly log: vscode.LogOutputChannel;
}

export function registerCommands(on: Commander): vscode.Disposable[] {
  // Only VS Code knows what a command is given; each function says what it takes.
  const commands: Record<string, (argument: never) => Promise<unknown>> = {
    "hdl-lsp.explain": () => explain(on),
    "hdl-lsp.restartWorkers": () => restartWorkers(on),
    "hdl-lsp.restartServer": () => on.restartServer(),
    "hdl-lsp.showProject": () => showProject(on),
    "hdl-lsp.showEngineStatus": () => showEngineStatus(on),
    "hdl-lsp.showLog": async () => on.log.show(true),
    "hdl-lsp.triggerGhostText": async () => vscode.commands.executeCommand("editor.action.inlineSuggest.trigger"),
    ...designCommands(on.client, on.design),
    ...signalCommands(on.client, (path) => on.design.activate(path)),
    ...projectCommands(on.client, on.documents, (now) => on.status.targets(now)),
  };
  return Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, async (argument: never) => {
      try {
        return await run(argument);
      } catch (error) {
        if (!(error instanceof vscode.CancellationError)) {
          void vscode.window.showErrorMessage(`hdl-lsp: ${error instanceof Error ? error.message : String(error)}`);
        }
        return undefined;
      }
    }),
  );
}

async function explain(on: Commander): Promise<void> {
  const at = cursor(on.client());
  if (at === undefined) {
    return;
  }
  const progress = { location: vscode.ProgressLocation.Notification, title: "hdl-lsp: explaining", cancellable: true };
  const answer = await vscode.window.withProgress(progress, (_report, token) =>
    at.client.sendRequest<Explanation | null>(Method.explain, at.params, token),
  );
  if (answer === null) {
    void vscode.window.showInformationMessage("hdl-lsp: there is nothing to explain here.");
    return;
  }
  await on.documents.show("Explanation", answer.markdown);
}

async function restartWorkers(on: Commander): Promise<void> {
  await on.client()?.sendRequest(Method.restartWorkers);
  void vscode.window.showInformationMessage("hdl-lsp: the model and the analysis have been started again.");
}

async function showProject(on: Commander): Promise<void> {
  const project = await on.client()?.sendRequest<ProjectStatus>(Method.projectStatus);
  if (project !== undefined) {
    await on.documents.show("Project", projectReport(project));
  }
}

async function showEngineStatus(on: Commander): Promise<void> {
  const engine = await on.client()?.sendRequest<EngineStatus>(Method.engineStatus);
  if (engine !== undefined) {
    await on.documents.show("Engine", engineReport(engine));
  }
}
