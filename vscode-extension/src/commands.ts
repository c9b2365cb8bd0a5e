/** The commands of the palette. Each asks the server one thing and shows the answer. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Documents } from "./documents";
import { type EngineStatus, type Explanation, Method, type ProjectStatus } from "./protocol";
import { engineReport, projectReport } from "./report";

/** What the commands need; `client` is undefined while no server runs. */
export interface Commander {
  client(): LanguageClient | undefined;
  restartServer(): Promise<void>;
  readonly documents: Documents;
  readonly log: vscode.LogOutputChannel;
}

export function registerCommands(on: Commander): vscode.Disposable[] {
  const commands: Record<string, () => Promise<unknown>> = {
    "hdl-lsp.explain": () => explain(on),
    "hdl-lsp.restartWorkers": () => restartWorkers(on),
    "hdl-lsp.restartServer": () => on.restartServer(),
    "hdl-lsp.showProject": () => showProject(on),
    "hdl-lsp.showEngineStatus": () => showEngineStatus(on),
    "hdl-lsp.showLog": async () => on.log.show(true),
    "hdl-lsp.triggerGhostText": async () => vscode.commands.executeCommand("editor.action.inlineSuggest.trigger"),
  };
  return Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, async () => {
      try {
        return await run();
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
  const client = on.client();
  const editor = vscode.window.activeTextEditor;
  if (client === undefined || editor === undefined) {
    return;
  }
  const params = {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(editor.document),
    position: client.code2ProtocolConverter.asPosition(editor.selection.active),
  };
  const progress = { location: vscode.ProgressLocation.Notification, title: "hdl-lsp: explaining", cancellable: true };
  const answer = await vscode.window.withProgress(progress, (_report, token) =>
    client.sendRequest<Explanation | null>(Method.explain, params, token),
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
