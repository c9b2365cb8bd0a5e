/** Commands that show places in the references peek: drivers and loads of a signal, the instances of a module. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { cursor } from "./cursor";
import type { InstancePage, Place, SelectedInstance, ShownInstances, SignalSites } from "./design_protocol";
import { Method, SHOW_INSTANCES_COMMAND } from "./protocol";

type Client = () => LanguageClient | undefined;

export function signalCommands(
  client: Client,
  onSelected: (path: string) => void,
): Record<string, (argument: ShownInstances) => Promise<unknown>> {
  return {
    "hdl-lsp.showDrivers": () => showSites(client, Method.drivers, "Nothing drives"),
    "hdl-lsp.showLoads": () => showSites(client, Method.loads, "Nothing reads"),
    "hdl-lsp.chooseInstance": () => chooseInstance(client, onSelected),
    [SHOW_INSTANCES_COMMAND]: (shown) => showInstances(client(), shown),
  };
}

async function showSites(client: Client, method: string, nothing: string): Promise<void> {
  const at = cursor(client());
  const found = await at?.client.sendRequest<SignalSites>(method, at.params);
  if (at === undefined || found === undefined) {
    return;
  }
  const places = found.sites.flatMap(({ location }) => (location === null ? [] : [location]));
  if (places.length === 0) {
    tell(found.status !== "" ? found.status : `${nothing} ${found.signal?.path ?? "this"}.`);
    return;
  }
  await peek(at.client, at.editor.document.uri, at.editor.selection.active, places);
  if (found.isCut) {
    tell(`There are more places than the ${places.length} that are shown.`);
  }
}

async function showInstances(client: LanguageClient | undefined, shown: ShownInstances): Promise<void> {
  if (client === undefined || shown.locations.length === 0) {
    tell(`Nobody instantiates ${shown.definition}.`);
    return;
  }
  const uri = client.protocol2CodeConverter.asUri(shown.uri);
  const { line, character } = shown.position;
  await peek(client, uri, new vscode.Position(line, character), shown.locations);
}

/** Lets the user pick, of the instances of the module at the cursor, the one whose values hovers show. */
async function chooseInstance(client: Client, onSelected: (path: string) => void): Promise<void> {
  const at = cursor(client());
  const page = await at?.client.sendRequest<InstancePage>(Method.instances, at.params);
  if (at === undefined || page === undefined) {
    return;
  }
  if (page.instances.length === 0) {
    tell(page.status);
    return;
  }
  const all = { label: "All instances", description: "", path: "" };
  const items = page.instances.map((one) => ({
    label: one.path,
    description: one.parameters.map(({ name, value }) => `${name}=${value}`).join("  "),
    path: one.path,
  }));
  const chosen = await vscode.window.showQuickPick([all, ...items], { placeHolder: "Whose values should hovers show?" });
  if (chosen !== undefined) {
    const answer = await at.client.sendRequest<SelectedInstance>(Method.selectInstance, { path: chosen.path });
    onSelected(answer.active);
  }
}

function peek(client: LanguageClient, uri: vscode.Uri, position: vscode.Position, places: readonly Place[]): Thenable<unknown> {
  const locations = places.map((place) => client.protocol2CodeConverter.asLocation(place));
  return vscode.commands.executeCommand("editor.action.showReferences", uri, position, locations);
}

function tell(sentence: string): void {
  void vscode.window.showInformationMessage(`hdl-lsp: ${sentence}`);
}
