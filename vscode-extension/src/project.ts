/** Commands about what is compiled: the builds of the project, the flags of a file, a proposed hdl-lsp.toml. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { cursor } from "./cursor";
import type { FileInfo, Proposal, Targets } from "./design_protocol";
import type { Documents } from "./documents";
import { fileReport } from "./flags";
import { proposalQuestion, proposalReport } from "./proposal";
import { Method } from "./protocol";

type Client = () => LanguageClient | undefined;

export function projectCommands(
  client: Client,
  documents: Documents,
  onTargets: (now: Targets) => void,
): Record<string, () => Promise<unknown>> {
  return {
    "hdl-lsp.selectTarget": () => selectTarget(client(), onTargets),
    "hdl-lsp.showFileInfo": () => showFileInfo(client, documents),
    "hdl-lsp.proposeConfig": () => proposeConfig(client(), documents),
  };
}

async function selectTarget(client: LanguageClient | undefined, onTargets: (now: Targets) => void): Promise<void> {
  const known = await client?.sendRequest<Targets>(Method.targets);
  if (client === undefined || known === undefined) {
    return;
  }
  if (known.targets.length === 0) {
    void vscode.window.showInformationMessage("hdl-lsp: this project names no targets.");
    return;
  }
  const items = known.targets.map((target) => ({
    label: target.name,
    description: [target.name === known.active ? "active" : "", target.tops.join(", ")].filter((part) => part !== "").join(" · "),
    detail: [`${target.sources} files`, ...target.defines].join("  "),
    name: target.name,
  }));
  const none = { label: "The project's default", description: "", detail: "takes the choice back", name: "" };
  const chosen = await vscode.window.showQuickPick([...items, none], { placeHolder: "Target", matchOnDescription: true });
  if (chosen !== undefined) {
    const reading = { location: vscode.ProgressLocation.Window, title: "hdl-lsp: reading the project" };
    onTargets(await vscode.window.withProgress(reading, () => client.sendRequest<Targets>(Method.selectTarget, { name: chosen.name })));
  }
}

async function showFileInfo(client: Client, documents: Documents): Promise<void> {
  const at = cursor(client());
  const file = await at?.client.sendRequest<FileInfo | null>(Method.fileInfo, { textDocument: at.params.textDocument });
  if (file === null) {
    void vscode.window.showInformationMessage("hdl-lsp: this file is not one of the design's.");
  } else if (file !== undefined) {
    await documents.show("File", fileReport(file));
  }
}

async function proposeConfig(client: LanguageClient | undefined, documents: Documents): Promise<void> {
  if (client === undefined) {
    return;
  }
  const document = vscode.window.activeTextEditor?.document.uri;
  const folder = (document && vscode.workspace.getWorkspaceFolder(document)) ?? vscode.workspace.workspaceFolders?.[0];
  // The server shows the progress itself, with a button to stop it.
  const found = await client.sendRequest<Proposal>(
    Method.proposeConfig,
    folder === undefined ? {} : { folder: client.code2ProtocolConverter.asUri(folder.uri) },
  );
  await documents.show("Proposal", proposalReport(found));
  if (found.exists) {
    void vscode.window.showInformationMessage("hdl-lsp: there is an hdl-lsp.toml already; it was left as it is.");
    return;
  }
  const create = "Create the File";
  if ((await vscode.window.showInformationMessage(proposalQuestion(found), create)) !== create) {
    return;
  }
  const uri = client.protocol2CodeConverter.asUri(found.uri);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { overwrite: false, contents: new TextEncoder().encode(found.toml) });
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new Error(`${uri.fsPath} could not be created`);
  }
  await vscode.window.showTextDocument(uri);
}
