/** The view "Design": the instance tree of the elaborated design, one level at a time. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Instance, InstancePage, Place, SelectedInstance } from "./design_protocol";
import { ids, instanceLook, joined, remaining } from "./instances";
import { Method } from "./protocol";

/** An instance, or the line behind which the rest of a level waits. */
export type Node = { readonly instance: Instance; readonly id: string } | { readonly more: string; readonly of: Node | undefined };

export interface DesignView extends vscode.Disposable {
  /** Asks again for what is on the screen. */
  refresh(): void;
  /** Shows which instance hovers speak of; "" for all. */
  activate(path: string): void;
  loadMore(node: Node): Promise<void>;
}

export function createDesignView(client: () => LanguageClient | undefined): DesignView {
  const changed = new vscode.EventEmitter<Node | undefined>();
  const levels = new Map<string, InstancePage>();
  let active = "";

  const ask = (path: string, start: number): Promise<InstancePage> | undefined =>
    client()?.sendRequest<InstancePage>(Method.instances, { path, start });
  const children = async (of: Node | undefined): Promise<Node[]> => {
    const path = pathOf(of);
    const page = levels.get(path) ?? (await ask(path, 0));
    if (page === undefined) {
      return [];
    }
    levels.set(path, page);
    if (of === undefined) {
      view.message = page.status;
    }
    const more = remaining(page);
    const names = ids(page.instances);
    const nodes = page.instances.map((instance, number) => ({ instance, id: names[number] ?? instance.path }));
    return [...nodes, ...(more === undefined ? [] : [{ more, of }])];
  };
  const view = vscode.window.createTreeView<Node>("hdl-lsp.design", {
    treeDataProvider: { onDidChangeTreeData: changed.event, getChildren: children, getTreeItem: (node) => treeItem(node, active) },
    showCollapseAll: true,
  });
  return {
    refresh() {
      levels.clear();
      changed.fire(undefined);
    },
    activate(path) {
      active = path;
      changed.fire(undefined);
    },
    async loadMore(node) {
      if (!("more" in node)) {
        return;
      }
      const path = pathOf(node.of);
      const before = levels.get(path);
      const next = before && (await ask(path, before.start + before.instances.length));
      if (before !== undefined && next !== undefined) {
        levels.set(path, joined(before, next));
        changed.fire(node.of);
      }
    },
    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

/** The commands of the view and of its instances; each is given the node it was run on. */
export function designCommands(
  client: () => LanguageClient | undefined,
  view: DesignView,
): Record<string, (node: Node) => Promise<unknown>> {
  const open = (place: (one: Instance) => Place | null) => async (node: Node) => {
    const where = "instance" in node ? place(node.instance) : null;
    if (where !== null) {
      await show(client(), where);
    }
  };
  const select = async (path: string): Promise<void> => {
    const answer = await client()?.sendRequest<SelectedInstance>(Method.selectInstance, { path });
    if (answer === undefined) {
      return;
    }
    view.activate(answer.active);
    if (answer.status !== "") {
      void vscode.window.showInformationMessage(`hdl-lsp: ${answer.status}`);
    }
  };
  return {
    "hdl-lsp.design.refresh": async () => view.refresh(),
    "hdl-lsp.design.more": (node) => view.loadMore(node),
    "hdl-lsp.design.openInstance": open((one) => one.location),
    "hdl-lsp.design.openModule": open((one) => one.definitionLocation),
    "hdl-lsp.design.copyPath": async (node) => vscode.env.clipboard.writeText(pathOf(node)),
    "hdl-lsp.design.useForValues": (node) => select(pathOf(node)),
    "hdl-lsp.design.useAllForValues": () => select(""),
  };
}

async function show(client: LanguageClient | undefined, where: Place): Promise<void> {
  const place = client?.protocol2CodeConverter.asLocation(where);
  if (place !== undefined) {
    const selection = new vscode.Range(place.range.start, place.range.start);
    await vscode.window.showTextDocument(place.uri, { selection, preview: true });
  }
}

function treeItem(node: Node, active: string): vscode.TreeItem {
  if ("more" in node) {
    const item = new vscode.TreeItem(node.more);
    item.command = { command: "hdl-lsp.design.more", title: "Show more", arguments: [node] };
    item.iconPath = new vscode.ThemeIcon("ellipsis");
    return item;
  }
  const look = instanceLook(node.instance, active);
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(look.label, node.instance.children > 0 ? Collapsed : None);
  item.id = node.id; // keeps what was unfolded when the design is elaborated again
  item.description = look.description;
  item.tooltip = new vscode.MarkdownString(look.tooltip);
  item.iconPath = new vscode.ThemeIcon(look.icon);
  item.contextValue = look.context;
  item.command = { command: "hdl-lsp.design.openInstance", title: "Open", arguments: [node] };
  return item;
}

/** Path of the instance; "" for the whole design. */
function pathOf(node: Node | undefined): string {
  return node !== undefined && "instance" in node ? node.instance.path : "";
}
